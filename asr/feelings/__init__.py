"""How a caller feels, by the words that they use."""
