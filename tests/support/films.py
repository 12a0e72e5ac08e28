"""Videos as a client holds them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from kirin.client import Kirin
from kirin.media.decode import ColorTags, facts
from kirin_client import Task

BT709 = ColorTags("bt709", "bt709", "bt709", limited=True)


@dataclass(frozen=True)
class Video:
    """A video that was made, and the task that made it."""

    path: Path
    task: dict[str, Any]

    @property
    def moves(self) -> list[str]:
        """The camera moves that were understood."""
        return [move["move"] for move in self.task["metadata"]["direction"]["moves"]]


def filmed(kirin: Kirin, folder: Path, model: str, params: dict[str, Any]) -> Video:
    """Make a video and download it into a folder."""
    task = kirin.wait(kirin.create(model, params)["id"], timeout=120)
    path = kirin.download(task, folder / f"{task['id']}.mp4")
    return Video(path, cast("dict[str, Any]", task))


def unsigned(task: Task) -> dict[str, Any]:
    """A task as it was read, without what is signed in its links: in another hour that differs."""
    told: dict[str, Any] = json.loads(
        re.sub(r"\?expires=\w+&signature=[\w-]+", "", json.dumps(task.to_dict()))
    )
    return told


Make = Callable[..., Video]
"""Makes a video of a model with its parameters, like any client does, and downloads it."""


def assert_plays_anywhere(path: Path, *, size: tuple[int, int], fps: int, seconds: int) -> None:
    """Assert that a file is what the contract and every browser expect."""
    found = facts(path)
    assert (found.width, found.height) == size
    assert found.fps == fps
    assert found.frame_count == fps * seconds
    assert found.seconds == seconds
    assert (found.codec, found.pixel_format) == ("h264", "yuv420p")
    assert found.color == BT709
    assert found.faststart
