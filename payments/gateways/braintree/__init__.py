"""Braintree: cards by GraphQL, transactions by XML."""
