"""The error of a picture or video that is refused."""

from __future__ import annotations

from kirin.errors import InputsRefused


class MediaRefused(InputsRefused):
    """A picture or video breaks a rule.

    Raised during request validation, it becomes a ``Problem`` of the request; later, it fails the
    task.

    Attributes:
        code: stable identifier, such as ``too_many_bytes``.
        message: what was given, what is allowed, how to fix it.
        rules: ids of the contract's rules that it breaks, such as ``C-2``.
    """

    def __init__(self, code: str, message: str, *rules: str) -> None:
        super().__init__(message)
        self.code = code
        self.rules = rules
