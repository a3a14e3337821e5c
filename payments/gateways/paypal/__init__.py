"""PayPal: cards by its vault, payments by orders, version 2."""
