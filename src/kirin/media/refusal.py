"""What media says no with."""

from __future__ import annotations

from kirin.errors import InputsRefused


class MediaRefused(InputsRefused):
    """A picture or video breaks a rule.

    Found at submission, it becomes a ``Problem`` of the request; later, the failure of the task.

    Attributes:
        code: stable identifier, such as ``too_many_bytes``.
        message: what was given, what is allowed, how to mend it.
        rules: ids of the contract's rules that it breaks, such as ``C-2``.
    """

    def __init__(self, code: str, message: str, *rules: str) -> None:
        super().__init__(message)
        self.code = code
        self.rules = rules
