"""HTTP and WebSocket, for people and machines."""
