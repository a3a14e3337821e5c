"""Stripe's HTTP dialect: https://docs.stripe.com/api."""
