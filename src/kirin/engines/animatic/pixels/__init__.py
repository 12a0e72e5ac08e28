"""Pixels: planes of Y, U and V, and what is compiled to work on them."""
