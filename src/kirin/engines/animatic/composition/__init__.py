"""Compositions: the subjects of several pictures in one place."""
