"""Inpainting: what was masked out of a picture is filled from what lies around it."""
