"""Encoding in a hurry: for tests of everything but the encoder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from kirin_scripted import HURRY, LEAST_EFFORT

from kirin.media import mp4

ENVIRONMENT = {HURRY: "yes"}
"""What makes a server with the scripted engine do it, too."""


@contextmanager
def in_a_hurry() -> Iterator[None]:
    """Within the block, this process spends the least effort on each frame."""
    with pytest.MonkeyPatch.context() as patch:
        for quality, effort in LEAST_EFFORT.items():
            patch.setitem(mp4._EFFORT, quality, effort)
        yield
