"""Camera moves over one picture, split into layers that have parallax."""
