"""Conversations that a number can be given to."""
