"""Asterisk, by its REST interface."""
