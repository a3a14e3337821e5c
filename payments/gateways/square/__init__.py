"""Square: cards on file and tokens of its own card fields; it takes no card from a server."""
