"""Braintree's HTTP dialect: https://developer.paypal.com/braintree/docs."""
