"""Flows that an admin writes: read, checked as a whole, and led on the line as ours are."""
