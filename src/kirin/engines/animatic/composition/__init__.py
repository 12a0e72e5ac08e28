"""Subjects of several pictures, composed into one place."""
