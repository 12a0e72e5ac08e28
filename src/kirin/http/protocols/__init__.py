"""Wire dialects, one a file: how requests are read and tasks are shown."""
