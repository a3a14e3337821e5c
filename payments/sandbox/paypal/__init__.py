"""PayPal's HTTP dialect: https://developer.paypal.com/api/rest."""
