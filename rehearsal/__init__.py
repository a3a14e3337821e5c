"""Rehearsals: a real SIP caller dials the line from a script and compares what happens."""
