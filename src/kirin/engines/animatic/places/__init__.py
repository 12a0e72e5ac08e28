"""Painters of the places that are no open country: rooms, and what is outdoors between walls."""
