"""Photographs: taken apart into layers that move with parallax."""
