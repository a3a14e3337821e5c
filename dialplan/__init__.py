"""Asterisk configuration, rendered from one file that an admin edits."""
