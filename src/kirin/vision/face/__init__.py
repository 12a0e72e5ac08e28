"""Faces of people in a picture: detection, mesh, eyes."""
