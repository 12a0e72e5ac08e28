"""The cast on stage: who stands where at each frame, how it moves, and how it is drawn."""
