"""Lists in settings: words between commas."""

from __future__ import annotations


def split_list(text: str) -> tuple[str, ...]:
    """The entries of a list, without blanks.

    >>> split_list("animatic, diffusion,")
    ('animatic', 'diffusion')
    """
    return tuple(part.strip() for part in text.split(",") if part.strip())
