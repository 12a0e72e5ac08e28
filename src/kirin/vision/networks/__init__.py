"""Optional networks: better depth, masks and fills, for those who fetch their weights."""
