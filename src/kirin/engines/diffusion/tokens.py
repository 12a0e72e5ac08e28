"""Tokens: how long a text is for a model's text encoder, counted without torch."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

Counter = Callable[[str], int]
"""Gives the tokens of a text, those that the encoder adds itself included."""

_BLOBS: Final = "blobs"  # of a repository in the hub's cache, by their digests


def counter(snapshot: Path) -> Counter | None:
    """What counts the tokens of the model in a folder; it reads the tokenizer when first asked.

    Args:
        snapshot: folder of a model in the layout of diffusers.

    Returns:
        ``None`` where the folder has no fast tokenizer, or the library is not installed.
    """
    file = snapshot / "tokenizer" / "tokenizer.json"
    try:
        import tokenizers  # noqa: F401  it may not be there
    except ImportError:
        return None
    if not file.is_file():
        return None

    def count(text: str) -> int:
        return len(_tokenizer(_Blob.of(file)).encode(" ".join(text.split())).ids)

    return count


class _Blob:
    """A file that equals all that the hub's cache has under the same digest."""

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


@lru_cache(maxsize=4)  # one takes a second and a hundred megabytes; nearly all models share one
def _tokenizer(blob: _Blob) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(blob.path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
