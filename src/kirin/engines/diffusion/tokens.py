"""Counting the tokens of a prompt with a model's own tokenizer, without torch."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

TokenCounter = Callable[[str], int]
"""Returns the number of tokens of a text, special tokens included."""

_BLOBS: Final = "blobs"  # folder of a cached repository, whose files are named by digest


def token_counter(snapshot: Path) -> TokenCounter | None:
    """The token counter of a model; it loads the tokenizer at the first call.

    Args:
        snapshot: folder of the model in the layout of diffusers.

    Returns:
        ``None`` if the folder has no fast tokenizer or the library is not installed.
    """
    file = snapshot / "tokenizer" / "tokenizer.json"
    try:
        import tokenizers  # noqa: F401  an optional dependency
    except ImportError:
        return None
    if not file.is_file():
        return None

    def count(text: str) -> int:
        return len(_tokenizer(_Blob.of(file)).encode(" ".join(text.split())).ids)

    return count


class _Blob:
    """A file of the hub's cache; two with the same digest are equal."""

    def __init__(self, path: Path, digest: str) -> None:
        self.path = path
        self._digest = digest

    @classmethod
    def of(cls, file: Path) -> _Blob:
        target = file.resolve()
        known = target.parent.name == _BLOBS
        return cls(target, target.name if known else str(target))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Blob) and self._digest == other._digest

    def __hash__(self) -> int:
        return hash(self._digest)


@lru_cache(maxsize=4)  # each takes 1 s and 100 MB; nearly all models share one
def _tokenizer(blob: _Blob) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(blob.path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
