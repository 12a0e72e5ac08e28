"""Tasks: their rows, the durable queue, and the processes that work it off."""
