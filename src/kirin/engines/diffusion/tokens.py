"""Tokens: how long a text is for a model's text encoder, counted without torch."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

Counter = Callable[[str], int]
"""Gives the tokens of a text, those that the encoder adds itself included."""


@lru_cache(maxsize=4)  # one takes some megabytes; few have other tokenizers
def counter(snapshot: Path) -> Counter | None:
    """What counts the tokens of the model in a folder.

    Args:
        snapshot: folder of a model in the layout of diffusers.

    Returns:
        ``None`` where the folder has no fast tokenizer, or the library is not installed.
    """
    file = snapshot / "tokenizer" / "tokenizer.json"
    try:
        from tokenizers import Tokenizer
    except ImportError:
        return None
    if not file.is_file():
        return None
    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return lambda text: len(tokenizer.encode(" ".join(text.split())).ids)
