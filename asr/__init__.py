"""Hearing: what a caller says, and what it means."""
