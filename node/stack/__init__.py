"""A whole private line on this machine, each part a process of its own, for the demo and the tests."""
