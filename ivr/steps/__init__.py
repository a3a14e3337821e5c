"""Questions that many flows ask."""
