"""Vosk (Kaldi), in a process of its own: a bad grammar or model kills that process, and not the line."""
