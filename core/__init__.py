"""The shared words of the house; imports nothing of ours."""
