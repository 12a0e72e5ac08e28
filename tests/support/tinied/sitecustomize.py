"""Run by Python at its start where this folder is on the path: open models are tiny ones."""

from kirin.engines.diffusion import registry
from support.small import served

models = tuple(served(model) for model in registry.built_in())
registry.built_in = lambda: models  # type: ignore[assignment]
