"""The camera: where a prompt directs it, and what it sees on its way."""
