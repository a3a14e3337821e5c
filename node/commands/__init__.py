"""The commands of `tellerline`, one a file."""
