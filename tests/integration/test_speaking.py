"""A face of an uploaded film speaks: the search, its session, the voice and the video (LIP-7)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from kirin.domain.soundtrack import RATE
from kirin.media.decode import facts, planes_at
from kirin.vision.planes import Planes
from support.cards import FACES, LIPS
from support.servers import local_server
from support.sound import heard
from support.talkers import film, heads, write_wav
from support.voices import babble

SIZE = WIDTH, HEIGHT = 912, 512
FPS = 25
SECONDS = 4.0
INSERT = 1.0


@pytest.mark.timeout(600)
def test_a_face_of_a_film_speaks(tmp_path: Path) -> None:  # FACE-1 FACE-3 LIP-1 LIP-7
    one, other = heads(320)
    source = film(
        tmp_path / "film.mp4",
        lambda _: [(one, (60.0, 90.0)), (other, (520.0, 110.0))],
        seconds=SECONDS,
        size=SIZE,
        fps=FPS,
    )
    spoken = babble("aeao auia", step=0.24)
    voice = write_wav(tmp_path / "voice.wav", np.concatenate([spoken * 2] * 2, 1)[:, : 2 * RATE])
    with local_server(tmp_path / "data", KIRIN_ENGINES="animatic") as server, server.client() as k:
        sent = {path.name: k.upload(path)["url"] for path in (source, voice)}
        search = k.wait(k.create(FACES, {"video_url": sent["film.mp4"]})["id"], timeout=280)
        told = json.loads(search["output"][0]["content"][0]["text"])
        left, right = told["face_data"]
        assert left["start_time"] < 500
        assert left["end_time"] > 3500
        speech = {
            "face_id": left["face_id"],
            "sound_file": sent["voice.wav"],
            "sound_start_time": 0,
            "sound_end_time": 2000,
            "sound_insert_time": round(INSERT * 1000),
        }
        asked = {"session_id": told["session_id"], "face_choose": [speech]}
        task = k.wait(k.create(LIPS, asked)["id"], timeout=280)
        made = k.download(task, tmp_path / "made.mp4")
    shape = facts(made)
    assert (shape.width, shape.height, shape.fps) == (WIDTH, HEIGHT, FPS)
    assert shape.frame_count == round(SECONDS * FPS)
    assert task["metadata"]["faces"][0]["face_id"] == left["face_id"]

    # The heads are still, so that whatever moves was made to.
    times = [number / FPS for number in range(shape.frame_count)]
    shown = planes_at(made, times, WIDTH, HEIGHT)
    frames = np.array([Planes.of_frame(frame).y for _, frame in shown], np.float32)
    speaking = slice(round((INSERT + 0.2) * FPS), round((INSERT + 1.8) * FPS))
    moved = frames[speaking].std(0)
    box = search["metadata"]["faces"][0]["boxes"][0]
    middle = int((box["top"] + box["bottom"]) / 2)
    mouth = np.s_[middle : int(box["bottom"]) + 40, int(box["left"]) : int(box["right"])]
    still = moved.copy()
    still[mouth] = 0
    assert np.percentile(moved[mouth], 95) > 4 * max(1.0, float(np.percentile(still, 99)))
    rate, sound = heard(made)
    loud = [
        np.abs(sound[:, round(at * rate) : round((at + 0.5) * rate)]).max() for at in (0.3, 1.5)
    ]
    assert loud[0] < 0.01
    assert loud[1] > 0.05
    assert right["face_id"] != left["face_id"]
