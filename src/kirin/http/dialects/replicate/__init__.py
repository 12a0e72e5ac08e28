"""The dialect of Replicate's HTTP API: predictions, models, files."""
