"""The Python client: ``from kirin.client import Kirin``."""

from kirin.client.client import Kirin, KirinApiError, TaskFailed
from kirin.client.local import LocalServer

__all__ = ["Kirin", "KirinApiError", "LocalServer", "TaskFailed"]
