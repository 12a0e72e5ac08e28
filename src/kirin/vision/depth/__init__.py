"""Depth: a photograph as layers, from its sky to its subjects."""
