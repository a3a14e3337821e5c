"""Ways to send, one a file."""
