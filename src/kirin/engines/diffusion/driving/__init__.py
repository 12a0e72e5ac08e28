"""Guidance from a driving video: pose and face images for models that follow them."""
