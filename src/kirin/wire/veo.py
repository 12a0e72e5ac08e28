"""Veo in the Gemini API: addresses below ``/v1beta``, names of models and operations."""

from __future__ import annotations

from typing import Final

BASE: Final = "/v1beta"
"""What the SDK puts after its base URL."""

MODELS: Final = f"{BASE}/models"
FILES: Final = f"{BASE}/files"

PREDICT: Final = "predictLongRunning"
"""The method of a model that makes videos."""

KEY_HEADER: Final = "X-Goog-Api-Key"
KEY_QUERY: Final = "key"
"""Where keys come: programs without the SDK have them in the address."""

CANCELLED: Final = 1
INTERNAL: Final = 13
"""Codes of google.rpc, of an operation that failed."""


def operation_name(model: str, id: str) -> str:
    """The name of an operation.

    >>> operation_name("veo-3.1-generate-preview", "1f")
    'models/veo-3.1-generate-preview/operations/1f'
    """
    return f"models/{model}/operations/{id}"


def file_id(address: str) -> str:
    """The id in the name or the address of a file.

    The SDK takes addresses with https apart, and asks for all of one with http as for a name.

    >>> file_id("files/1f"), file_id("http://host/v1beta/files/1f:download?alt=media")
    ('1f', '1f')
    """
    return address.rpartition("files/")[2].partition(":")[0].partition("?")[0]
