"""Open models, one file each, which defines its specification as ``MODEL``."""
