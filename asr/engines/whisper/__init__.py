"""Whisper by CTranslate2 (faster-whisper), in a process of its own."""
