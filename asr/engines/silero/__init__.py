"""Silero's voice activity detector, by onnxruntime or by the library that carries it."""
