"""Sets outdoors that are no open country: their grounds, lights and drawables."""
