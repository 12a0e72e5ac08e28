"""The stage: a place, the cast in it and the camera before it, planned and then drawn."""
