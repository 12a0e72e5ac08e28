"""The open models, one file each: adding one is adding a file that states its ``MODEL``."""
