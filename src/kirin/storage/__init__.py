"""Storage: bytes under keys, and signed links to them."""
