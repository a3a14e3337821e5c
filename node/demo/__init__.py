"""The demonstration: a whole private line, and a caller who pays a bill on it."""
