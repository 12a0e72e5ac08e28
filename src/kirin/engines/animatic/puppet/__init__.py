"""Puppets: a character cut out of a picture, moved by a skeleton as a tracked person moves."""
