"""Errands and storyboards for engines that have their work done elsewhere."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.base import Errand
from kirin.engines.remote.waiting import Rhythm

QUICK = Rhythm(first=0.01, longest=0.02)
"""Asks without making tests wait."""

BOARD = Storyboard("kirin_v1_6_t2v", 64, 36, Fraction(24), (Shot("a lake", 1),))


@dataclass
class Desk:
    """Where an attempt's errands come from, and what they leave behind.

    Attributes:
        folder: scratch space of one attempt.
        over: whether the attempt is to stop.
        ended: whether the task itself has ended.
        told: how far the engine said it is.
        entrusted: names of the engines that had the task.
        job: what the engine said the job is called elsewhere.
    """

    folder: Path
    over: bool = False
    ended: bool = False
    told: list[float] = field(default_factory=list)
    entrusted: list[str] = field(default_factory=list)
    job: str | None = None
    assets: dict[str, Path] = field(default_factory=dict)

    def asset(self, content: bytes, **facts: Any) -> Asset:
        """An asset that this desk's errands can read."""
        sha256 = hashlib.sha256(content).hexdigest()
        self.assets[sha256] = self.folder / sha256
        self.assets[sha256].write_bytes(content)
        known = {"kind": AssetKind.IMAGE, "mime": "image/png", "width": 64, "height": 36}
        return Asset(**{"sha256": sha256, "size": len(content), **known, **facts})

    def errand(self, **changes: Any) -> Errand:
        """An errand of the task."""
        usual = Errand(
            name="0123456789abcdef",
            again=False,
            entrust=self.entrusted.append,
            job=self.job,
            began=self._began,
            folder=self.folder,
            read=lambda asset: self.assets[asset.sha256],
            link=lambda asset: f"https://here.example/{asset.sha256}",
            progress=self.told.append,
            cancelled=lambda: self.over,
            abandoned=lambda: self.ended,
        )
        return replace(usual, **changes)

    def _began(self, job: str) -> None:
        self.job = job
