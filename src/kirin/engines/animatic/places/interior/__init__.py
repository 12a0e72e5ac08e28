"""Interiors: rooms whose walls, furniture and lamps are data, traced once and lit by their lamps."""
