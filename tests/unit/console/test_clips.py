"""The clips that the console opens on: all of them are there, small, and of known origin."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import av
import pytest
from PIL import Image

from support.cards import CARDS

FOLDER = Path(__file__).parents[3] / "web" / "src" / "clips"
CLIPS = json.loads((FOLDER / "clips.json").read_text())
PICTURES = {picture["file"] for picture in json.loads((FOLDER / "pictures.json").read_text())}

ALL_BYTES = 1_500_000
POSTER_BYTES = 40_000


def named(value: object) -> set[str]:
    """The files that a request names."""
    return set(re.findall(r'"file:([^"]+)"', json.dumps(value)))


def test_there_are_eight_small_clips_of_many_kinds() -> None:
    assert len({clip["name"] for clip in CLIPS}) == len(CLIPS) == 8
    assert len({clip["kind"] for clip in CLIPS}) >= 5
    assert sum((FOLDER / f"{clip['name']}.mp4").stat().st_size for clip in CLIPS) <= ALL_BYTES


@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip["name"])
def test_a_clip_plays_at_once_and_moves(clip: dict[str, str]) -> None:
    path = FOLDER / f"{clip['name']}.mp4"
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    with av.open(str(path)) as video:
        frames = [frame.to_ndarray(format="gray") for frame in video.decode(video=0)]
    assert len(frames) >= 72
    middle = frames[len(frames) // 2].astype(int)
    assert abs(middle - frames[0]).mean() > 0.5
    poster = path.with_suffix(".webp")
    assert poster.stat().st_size <= POSTER_BYTES
    with Image.open(poster) as picture:
        assert picture.size == frames[0].shape[::-1]


@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip["name"])
def test_its_request_is_one_of_its_model(clip: dict[str, object]) -> None:
    card = next(card for card in CARDS if card.id == clip["model"])
    params = clip["params"]
    assert isinstance(params, dict)
    assert card.check(params).problems == []
    for file in named(params):
        assert (FOLDER / file).is_file()


def test_every_picture_is_drawn_or_has_its_licence_beside_it() -> None:
    notice = (FOLDER / "NOTICE.md").read_text()
    given = {path.name for path in FOLDER.glob("*") if path.suffix in (".jpg", ".png")}
    assert given == {file for clip in CLIPS for file in named(clip["params"])}
    for file in given - PICTURES:
        assert file in notice
        assert hashlib.sha256((FOLDER / file).read_bytes()).hexdigest() in notice
    assert "web/src/clips" in (FOLDER.parents[2] / "NOTICE").read_text()
