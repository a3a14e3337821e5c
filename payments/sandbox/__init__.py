"""Emulators of the vendors, shipped for demos, staging and tests."""
