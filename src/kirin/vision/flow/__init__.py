"""Optical flow between two pictures: DIS, RIFE, alignment and forward splatting."""
