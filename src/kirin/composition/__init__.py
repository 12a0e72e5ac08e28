"""Composition: what the settings name, built for the composition root in ``app.py``."""
