"""Procedural scenes, painted from what a prompt names."""
