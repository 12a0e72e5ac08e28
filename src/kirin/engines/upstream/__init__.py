"""The engine that forwards tasks to another provider of the same family of models."""
