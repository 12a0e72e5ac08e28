"""Inpainting: masked parts of a picture are filled from the rest of it."""
