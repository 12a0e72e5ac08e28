"""The package ``kirin_client`` as this one uses it, and a private server for it."""

from kirin.client.local import LocalServer
from kirin_client import ApiError as KirinApiError
from kirin_client import ConnectionFailed, Kirin, TaskFailed

__all__ = ["ConnectionFailed", "Kirin", "KirinApiError", "LocalServer", "TaskFailed"]
