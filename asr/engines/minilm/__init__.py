"""MiniLM: sentences as points, by onnxruntime alone."""
