"""Kirin: the video generation API on your own machines."""

__version__ = "0.1.0"
