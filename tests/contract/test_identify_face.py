"""kirin_identify_face: the video that is looked at, and what is told of it (FACE-1 to FACE-4)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from support.api import Api
from support.cards import FACES, T2V
from support.faces import face, faces_found
from support.loopback import FileHost
from support.videos import video

URL = "https://example.com/speaker.mp4"


def told(task: dict[str, Any]) -> dict[str, Any]:
    """What the text of a completed search says."""
    assert task["status"] == "completed", task
    (content,) = task["output"][0]["content"]
    assert content.keys() == {"type", "text", "jobId"}
    assert content["type"] == "text"
    text: dict[str, Any] = json.loads(content["text"])
    return text


def search(api: Api, files: FileHost, *, seconds: float = 3, size: tuple[int, int] = (640, 512)):
    """Bring a search through a video of that length and size to its end."""
    url = files.add("speaker.mp4", video(seconds=seconds, size=size))
    return api.finish(FACES, video_url=url)


def test_exactly_one_video(api: Api) -> None:  # FACE-1
    assert api.problems(FACES) == {"video_id": "required"}
    refused = api.create(FACES, video_id="a", video_url=URL).json()["errors"]
    assert "not_in_this_combination" in [problem["code"] for problem in refused]
    assert api.problems(FACES, video_id="a") == {"video_id": "unknown_task"}
    api.make(FACES, video_url=URL)


def test_faces_and_their_times(fetching: Api, files: FileHost) -> None:  # FACE-3
    with faces_found([face("0", 0, 2.5), face("1", 0.5, 3)]):
        task = search(fetching, files)
    text = told(task)
    assert text["session_id"] == task["id"]
    assert [(f["face_id"], f["start_time"], f["end_time"]) for f in text["face_data"]] == [
        ("0", 0, 2500),
        ("1", 500, 3000),
    ]
    assert text["data"] == {"session_id": text["session_id"], "face_data": text["face_data"]}
    for found in text["face_data"]:
        picture = fetching.stranger.get(found["face_image"])
        assert picture.status_code == 200
        assert picture.headers["Content-Type"] == "image/jpeg"
    boxes = task["metadata"]["faces"][0]["boxes"]
    assert boxes[0] == {"seconds": 0, "left": 200, "top": 100, "right": 320, "bottom": 260}
    assert task["usage"] == {"cost": "0.0070", "discount": 0.0}


def test_a_video_without_faces_costs_nothing(fetching: Api, files: FileHost) -> None:  # FACE-4
    with faces_found([]):
        task = search(fetching, files)
    assert task["status"] == "failed"
    assert task["error"]["code"] == "002004099"
    assert "no face" in task["error"]["message"]
    assert "usage" not in task


@pytest.mark.parametrize(
    ("seconds", "size", "refusal"),
    [
        (1.8, (640, 512), "at least 2 s"),
        (2, (640, 512), None),
        (60, (640, 512), None),
        (60.3, (640, 512), "at most 60 s"),
        (2, (640, 510), "at least 512"),
        (2, (2160, 512), None),
        (2, (2162, 512), "at most 2160"),
    ],
)
def test_what_the_video_may_be(
    fetching: Api, files: FileHost, seconds: float, size: tuple[int, int], refusal: str | None
) -> None:  # FACE-2
    with faces_found([face("0")]):
        task = search(fetching, files, seconds=seconds, size=size)
    if refusal is None:
        told(task)
        return
    assert task["status"] == "failed"
    assert refusal in task["error"]["message"]


def test_links_in_the_text_are_renewed(fetching: Api, files: FileHost) -> None:  # FACE-3 C-7
    with faces_found([face("0")]):
        task = search(fetching, files)
    presenter = fetching.app.presenter
    renewed = told(presenter.renew_links(task))
    assert renewed.keys() == told(task).keys()
    assert fetching.stranger.get(renewed["face_data"][0]["face_image"]).status_code == 200


def test_the_video_of_a_task(fetching: Api) -> None:  # FACE-1 FACE-2
    film = fetching.finish(T2V, prompt="a lake")
    with faces_found([face("0", 0, 5)]):
        assert told(fetching.finish(FACES, video_id=film["id"]))["face_data"]
        job = film["output"][0]["jobId"]
        assert told(fetching.finish(FACES, video_id=job))["face_data"]
    assert fetching.another().problems(FACES, video_id=film["id"]) == {"video_id": "unknown_task"}
