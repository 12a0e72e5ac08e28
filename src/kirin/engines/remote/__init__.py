"""What engines share that have their work done by other machines: calls, waiting, files."""
