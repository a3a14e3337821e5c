"""What a newcomer gets wrong, looked for one thing at a time."""
