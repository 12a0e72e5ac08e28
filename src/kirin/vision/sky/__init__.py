"""The sky of a photograph: where it is, its matte, and its clouds."""
