"""Lip sync: the mouth of a face in a video moves to a voice."""
