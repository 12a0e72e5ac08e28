"""Make the clips that the console opens on, each by the request that its button fills in.

    python scripts/write_clips.py               all of them, some minutes
    python scripts/write_clips.py rain tide     these alone
    python scripts/write_clips.py --pictures    the drawn pictures that some of them begin with

``web/src/clips/clips.json`` has the requests; beside it lie the pictures that they name, the clips
and their posters. ``pictures.json`` says how the pictures that are no photographs are drawn. The
same seed makes the same again.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import cv2
import numpy as np
from av.video.frame import VideoFrame
from PIL import Image

from kirin.catalogue.plan import Materials
from kirin.catalogue.registry import built_in
from kirin.domain.assets import Asset, AssetKind
from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.animatic.engine import AnimaticEngine
from kirin.vision.planes import Rgb

FOLDER: Final = Path(__file__).parents[1] / "web" / "src" / "clips"
FILE: Final = "file:"
"""Begins a value of ``clips.json`` that names a file of the folder."""

WIDTH: Final = 512
"""Of a clip and its poster, in pixels; the height follows."""

POSTER_QUALITY: Final = 70  # of WebP
PICTURE_QUALITY: Final = 86  # of JPEG
PICTURE_SIZE: Final = (1024, 576)
SECONDS, FPS = 5.0, Fraction(24)
"""Of the shots whose first frames the pictures are."""


def main(names: list[str]) -> None:
    """Make the named clips, or all, or the pictures."""
    if names == ["--pictures"]:
        return draw_pictures()
    for clip in json.loads((FOLDER / "clips.json").read_text()):
        if names and clip["name"] not in names:
            continue
        board = board_of(clip)
        frames = [*small(film(board))]
        video = FOLDER / f"{clip['name']}.mp4"
        write(video, frames, board, clip["crf"])
        poster = frames[round(clip["poster"] * float(board.fps))]
        Image.fromarray(poster).save(video.with_suffix(".webp"), quality=POSTER_QUALITY, method=6)
        print(f"{clip['name']}: {video.stat().st_size / 1024:.0f} KB")
    sizes = [path.stat().st_size for path in FOLDER.glob("*.mp4")]
    print(f"{len(sizes)} clips, {sum(sizes) / 1e6:.2f} MB together")
    return None


def draw_pictures() -> None:
    """Draw the pictures, and the masks over them."""
    width, height = PICTURE_SIZE
    for picture in json.loads((FOLDER / "pictures.json").read_text()):
        path = FOLDER / picture["file"]
        if corners := picture.get("corners"):  # of a mask, in shares of the picture
            mask = np.zeros((height, width), np.uint8)
            spots = np.asarray(corners) * (width, height)
            cv2.fillPoly(mask, [np.round(spots).astype(np.int32)], 255)
            Image.fromarray(mask).save(path, optimize=True)
            continue
        shot = Shot(prompt=picture["prompt"], seconds=SECONDS)
        board = Storyboard("kirin_v1_6_t2v", width, height, FPS, (shot,), seed=picture["seed"])
        first = next(iter(film(board)))
        rgb = cv2.cvtColor(first, cv2.COLOR_YUV2RGB_I420)
        Image.fromarray(rgb).save(path, quality=PICTURE_QUALITY, optimize=True)


def board_of(clip: dict[str, Any]) -> Storyboard:
    """What the model of a clip makes of its request."""
    card = next(card for card in built_in() if card.id == clip["model"])
    checked = card.check(clip["params"])
    if checked.problems:
        raise ValueError(f"{clip['name']}: {checked.problems}")
    media = {place.path: asset_of(place.value) for place in card.media(checked.values)}
    plan = card.plan(checked.values, Materials(media), clip["seed"])
    if not isinstance(plan, Storyboard):
        raise TypeError(f"{clip['name']} makes no video")
    return plan


def asset_of(value: str) -> Asset:
    """A picture of the folder, as a server measures it."""
    path = FOLDER / value.removeprefix(FILE)
    with Image.open(path) as picture:
        mime = f"image/{(picture.format or '').lower()}"
        width, height = picture.size
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Asset(digest, AssetKind.IMAGE, mime, path.stat().st_size, width, height)


def film(board: Storyboard) -> Iterable[np.ndarray[Any, Any]]:
    """The frames of a storyboard, in planes."""
    files = {hashlib.sha256(p.read_bytes()).hexdigest(): p for p in FOLDER.glob("*.*")}
    return (
        AnimaticEngine()
        .render(board, lambda asset: files[asset.sha256], lambda _: None, lambda: False)
        .frames
    )


def small(frames: Iterable[np.ndarray[Any, Any]]) -> Iterator[Rgb]:
    """Frames as RGB of the width of a clip; both sides are even."""
    for frame in frames:
        rgb = cv2.cvtColor(frame, cv2.COLOR_YUV2RGB_I420)
        height = round(rgb.shape[0] * WIDTH / rgb.shape[1] / 2) * 2
        yield np.asarray(cv2.resize(rgb, (WIDTH, height), interpolation=cv2.INTER_AREA), np.uint8)


def write(path: Path, frames: list[Rgb], board: Storyboard, crf: int) -> None:
    """Encode a clip without sound, its index in front, so that it plays while it comes.

    Args:
        crf: quality of H.264, 0 to 51; more is smaller and worse.
    """
    options = {"crf": str(crf), "preset": "veryslow", "profile": "high"}
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as result:
        stream = result.add_stream("libx264", rate=board.fps, options=options)
        stream.pix_fmt = "yuv420p"
        stream.height, stream.width = frames[0].shape[:2]
        for rgb in frames:
            result.mux(stream.encode(VideoFrame.from_ndarray(rgb, format="rgb24")))
        result.mux(stream.encode())


if __name__ == "__main__":
    main(sys.argv[1:])
