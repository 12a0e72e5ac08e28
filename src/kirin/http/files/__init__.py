"""Files: downloads of results, uploads of inputs."""
