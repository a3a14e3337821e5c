"""The database, seen from outside the domain: it implements the stores that the rooms declare."""
