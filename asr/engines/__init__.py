"""Recognizers, one vendor each."""
