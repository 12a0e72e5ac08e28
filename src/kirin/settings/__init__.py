"""Settings: frozen, and the only reader of the environment."""

from kirin.settings.diffusion import default_weights_dir
from kirin.settings.environment import PREFIX, unknown_variables
from kirin.settings.settings import Settings

__all__ = ["PREFIX", "Settings", "default_weights_dir", "unknown_variables"]
