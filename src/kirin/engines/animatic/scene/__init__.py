"""A procedural scene: pictures painted from words, for text-to-video without a model."""
