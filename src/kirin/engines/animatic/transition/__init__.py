"""Transitions from a first picture to a last one: a morph along the flow, or a dissolve."""
