"""Engines that hand tasks on to another provider of the same family of models."""
