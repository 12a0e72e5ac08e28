"""Concepts: the things that can be drawn, their vector art, facts and words."""
