"""Telephone calls: what any switch is to us, and the switches that we know."""
