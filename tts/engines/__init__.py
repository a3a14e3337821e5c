"""Speech engines, one vendor each."""
