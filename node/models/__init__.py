"""Models for hearing and speaking: what there is, bringing it here, and whether it is whole."""
