"""The subject library: each account's own elements."""
