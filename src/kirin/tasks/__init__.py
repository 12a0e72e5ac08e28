"""Tasks: their rows, the durable queue, and the workers."""
