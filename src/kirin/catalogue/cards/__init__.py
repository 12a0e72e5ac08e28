"""One file a model. A new model is a new file here that states ``CARD``; nothing else changes."""
