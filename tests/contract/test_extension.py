"""kirin_duration_extension: a video of an earlier task goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from support.api import Api
from support.pictures import inline

EXTENSION = "kirin_duration_extension"
I2V = "kirin_v1_i2v"
T2V = "kirin_v1_6_t2v"
EXT = {"seconds": 5}


def pictures(path: Path) -> list[NDArray[np.uint8]]:
    with av.open(str(path)) as file:
        return [frame.to_ndarray() for frame in file.decode(video=0)]


def files(api: Api, task: dict[str, Any], folder: Path) -> list[Path]:
    """The files of a completed task, the marked copy last."""
    found = []
    for content in task["output"][0]["content"]:
        path = folder / f"{task['id']}-{len(found)}.mp4"
        path.write_bytes(api.http.get(content["url"]).content)
        found.append(path)
    return found


def test_every_picture_of_the_source_stays_and_five_seconds_follow(
    api: Api, tmp_path: Path
) -> None:  # EXT-1, EXT-4, EXT-6
    first = api.finish(I2V, image=inline(640, 400), prompt="the camera pans left")
    done = api.finish(EXTENSION, video_id=first["id"], prompt="the camera zooms in")
    assert done["status"] == "completed", done
    (before,), (after,) = files(api, first, tmp_path), files(api, done, tmp_path)
    old, new = pictures(before), pictures(after)
    assert len(new) == len(old) + 150
    assert all(np.array_equal(a, b) for a, b in zip(old, new, strict=False))
