"""Speaking: voices, the words that they say, and a cache of what was said before."""
