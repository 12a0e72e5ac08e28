"""Optical flow between two pictures: alignment, DIS, RIFE and forward splatting."""
