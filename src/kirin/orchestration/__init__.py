"""The story of a task: validated, submitted, run, cancelled, collected as garbage."""
