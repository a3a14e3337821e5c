"""Webhooks: what happened here, told to others; and what others tell us."""
