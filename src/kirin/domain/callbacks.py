"""What long work is given to call: to read an input, tell its progress, ask whether to stop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kirin.domain.assets import Asset

ReadAsset = Callable[[Asset], Path]
"""Gives a readable local path for an asset's bytes."""

Progress = Callable[[float], None]
"""Told a number from 0 to 1, as often as the engine likes."""

Cancelled = Callable[[], bool]
"""Asked before each frame or denoising step; once true, the engine raises ``errors.Stopped``."""

LinkAsset = Callable[[Asset], str]
"""Gives a URL under which other machines can read an asset's bytes for a while."""
