"""The virtual camera: its path, poses and framing."""
