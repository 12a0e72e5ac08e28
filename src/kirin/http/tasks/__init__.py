"""Tasks: create, read, list, follow, cancel and remove them, and quote what they cost."""
