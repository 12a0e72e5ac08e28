"""Shots made from a given video: edited itself, or with its camera taken over."""
