"""Render contexts and a storyboard for tests of engines."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.frame import Frame
from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.base import RenderContext
from kirin.engines.remote.backoff import Backoff

QUICK = Backoff(first=0.01, longest=0.02)
"""Polls without making tests wait."""

BOARD = Storyboard("kirin_v1_6_t2v", 64, 36, Fraction(24), (Shot("a lake", 1),))


@dataclass
class FakeAttempt:
    """An attempt at a task: what its render contexts read, and what engines recorded in them.

    Attributes:
        folder: scratch space of the attempt.
        over: whether the attempt is over.
        ended: whether the task itself has ended.
        reported: the progress that was reported.
        assigned: names of the engines that had the task.
        job_id: the remote job's id that was recorded.
        noted: what was noted in the task's metadata.
        assets: files by sha256.
        shown: the frames that whoever watches could see.
    """

    folder: Path
    over: bool = False
    ended: bool = False
    reported: list[float] = field(default_factory=list)
    assigned: list[str] = field(default_factory=list)
    job_id: str | None = None
    noted: dict[str, Any] = field(default_factory=dict)
    assets: dict[str, Path] = field(default_factory=dict)
    shown: list[Frame] = field(default_factory=list)

    def asset(self, content: bytes, **facts: Any) -> Asset:
        """An asset that the contexts can read."""
        sha256 = hashlib.sha256(content).hexdigest()
        self.assets[sha256] = self.folder / sha256
        self.assets[sha256].write_bytes(content)
        known = {"kind": AssetKind.IMAGE, "mime": "image/png", "width": 64, "height": 36}
        return Asset(**{"sha256": sha256, "size": len(content), **known, **facts})

    def context(self, **changes: Any) -> RenderContext:
        """A render context of the task."""
        usual = RenderContext(
            task_id="0123456789abcdef",
            is_retry=False,
            assign=self.assigned.append,
            job_id=self.job_id,
            job_started=self._job_started,
            noted=dict(self.noted),
            note=self._note,
            folder=self.folder,
            read=lambda asset: self.assets[asset.sha256],
            link=lambda asset: f"https://here.example/{asset.sha256}",
            progress=self.reported.append,
            cancelled=lambda: self.over,
            abandoned=lambda: self.ended,
            show=self.shown.append,
        )
        return replace(usual, **changes)

    def _job_started(self, job_id: str) -> None:
        self.job_id = job_id

    def _note(self, facts: Mapping[str, Any]) -> None:
        noted = {**self.noted, **facts}
        self.noted = {name: value for name, value in noted.items() if value is not None}
