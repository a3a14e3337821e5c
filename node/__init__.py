"""A running Tellerline process: its command line, its wiring, its start and stop."""
