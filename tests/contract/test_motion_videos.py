"""kirin_v3_motion_control: the video it follows, and the one it makes (contract, MC-2, MC-3, MC-9).

What needs a download is checked first thing in the task, so these tests do a worker's work.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from kirin.media.decode import facts
from support.api import Api
from support.cards import MOTION
from support.loopback import FileHost
from support.pictures import inline, ramp, saved
from support.videos import sound_alone, video

INPUTS = "006001099"
FETCH = "006001095"

Follow = Callable[..., dict[str, Any]]


@pytest.fixture
def follow(fetching: Api, files: FileHost) -> Follow:
    """Brings a task that follows a video's bytes, or a URL, to its end."""

    def run(given: bytes | str, **changes: Any) -> dict[str, Any]:
        url = given if isinstance(given, str) else files.add("dance.mp4", given)
        plain = {
            "image_url": inline(400, 300),
            "video_url": url,
            "character_orientation": "image",
            "mode": "std",
            "prompt": "tiny",  # what is made of it is not looked at
        }
        return fetching.finish(MOTION, **(plain | changes))

    return run


def assert_refused(task: dict[str, Any], *words: str, code: str = INPUTS) -> None:
    """Assert that a task failed for its video, in so many words, and cost nothing."""
    assert task["status"] == "failed", task
    assert task["error"]["code"] == code
    message = task["error"]["message"]
    assert message.startswith("video_url: ")
    for word in words:
        assert word in message
    assert "usage" not in task
    assert "output" not in task


@pytest.mark.parametrize(
    ("seconds", "orientation", "refusal"),
    [
        (2.9, "image", "at least 3 s"),
        (2.9, "video", "at least 3 s"),
        (3, "image", None),
        (3, "video", None),
        (10, "image", None),
        (10.1, "image", "at most 10 s"),
        (10.1, "video", None),
        (30, "video", None),
        (30.1, "video", "at most 30 s"),
        (30.1, "image", "at most 10 s"),
    ],
)
def test_length(
    follow: Follow, seconds: float, orientation: str, refusal: str | None
) -> None:  # MC-3 MC-9
    task = follow(video(seconds=seconds), character_orientation=orientation)
    if refusal is None:
        assert task["metadata"]["duration"] == seconds
        assert task["metadata"]["frames"] == round(seconds * 10)
    else:
        assert_refused(task, refusal, f"{seconds:g}")


@pytest.mark.parametrize(
    ("size", "refusal"),
    [
        ((339, 340), "at least 340"),
        ((340, 339), "at least 340"),
        ((340, 340), None),
        ((3850, 340), None),
        ((340, 3850), None),
        ((3851, 340), "at most 3850"),
        ((340, 3852), "at most 3850"),
        ((200, 4000), "at least 340"),
    ],
    ids=str,
)
def test_sides(follow: Follow, size: tuple[int, int], refusal: str | None) -> None:  # MC-2
    task = follow(video(size=size, fps=1, codec="mpeg4"))
    if refusal is None:
        assert task["status"] == "completed"
    else:
        assert_refused(task, refusal, f"{size[0]} x {size[1]}")


def test_all_that_is_wrong_with_a_video_is_told(follow: Follow) -> None:  # MC-2 MC-3 W-9
    wrong = video(size=(200, 4000), seconds=1, fps=1, codec="mpeg4")
    assert_refused(follow(wrong), "at least 340", "at most 3850", "at least 3 s")


@pytest.mark.parametrize("kind", ["mp4", "mov"])
@pytest.mark.parametrize("sound", [True, False])
def test_mp4_and_mov_with_and_without_sound(
    follow: Follow, fetching: Api, kind: str, sound: bool
) -> None:  # MC-2
    task = follow(video(kind=kind, sound=sound))
    assert task["status"] == "completed", task
    assert task["metadata"]["duration"] == 3


@pytest.mark.parametrize(
    "content",
    [b"plain text", b"\x1aE\xdf\xa3 matroska", saved(ramp()), b"#EXTM3U\nfile:///etc/passwd\n"],
    ids=["text", "mkv", "png", "playlist"],
)
def test_kinds_are_told_by_content(follow: Follow, content: bytes) -> None:  # MC-2
    assert_refused(follow(content), "neither an MP4 nor a MOV")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no bytes"),
        (sound_alone(), "no video track"),
        (video()[:-100], "broken"),
        (video()[:200], "broken"),
    ],
    ids=["empty", "sound", "cut", "head"],
)
def test_what_cannot_be_followed(follow: Follow, content: bytes, words: str) -> None:  # MC-2
    assert_refused(follow(content), words)


def test_a_video_with_no_picture_that_can_be_decoded(follow: Follow) -> None:  # MC-2
    damaged = bytearray(video())
    start = damaged.index(b"mdat") + 4
    damaged[start : start + 2000] = b"\xff" * 2000
    assert_refused(follow(bytes(damaged)), "broken")


def test_a_video_of_more_than_100_megabytes(follow: Follow, files: FileHost) -> None:  # MC-2
    good, most = video(), 100 * 1024 * 1024
    # A box that nobody reads makes up the length: its size, its name and nothing.
    filler = (most - len(good)).to_bytes(4, "big") + b"free" + bytes(most - len(good) - 8)
    assert follow(good + filler)["status"] == "completed"
    assert_refused(follow(good + filler + b"\0"), "104,857,600", code=FETCH)
    files.files.clear()


def test_a_video_that_is_not_there(follow: Follow, files: FileHost) -> None:  # MC-2
    assert_refused(follow(files.url("missing.mp4")), "404", code=FETCH)


def test_a_varying_frame_rate_becomes_a_standard_one(follow: Follow) -> None:  # MC-2 MC-9
    task = follow(video(uneven=True, seconds=4))
    made = task["metadata"]
    assert made["fps"] == 10
    assert made["duration"] == pytest.approx(4, abs=0.3)
    assert made["frames"] == round(made["fps"] * made["duration"])


@pytest.mark.parametrize(
    ("seconds", "fps", "orientation", "frames"),
    [(89 / 30, 30, "image", 89), (301 / 30, 30, "image", 300), (902 / 30, 30, "video", 900)],
)
def test_a_frame_or_two_of_grace(
    follow: Follow, seconds: float, fps: int, orientation: str, frames: int
) -> None:  # MC-3
    task = follow(video(seconds=seconds, fps=fps), character_orientation=orientation)
    assert task["metadata"]["frames"] == frames
    assert task["usage"]["cost"] == f"{0.126 * -(-frames // 30):.4f}"


def test_sound_of_an_unknown_kind_is_left_out_and_said_so(follow: Follow) -> None:  # MC-6 W-8
    content = video(sound=True, seconds=4)
    at = content.index(b"moov")
    index = content[at:].replace(b"mp4a", b"zz4a").replace(b"esds", b"xsds")
    task = follow(content[:at] + index)
    assert task["status"] == "completed", task
    assert "zz4a" in task["metadata"]["original_sound"]
    assert task["metadata"]["original_sound"].startswith("silent: ")
    assert "original_sound" not in follow(content)["metadata"]


def test_an_unknown_codec_is_named(follow: Follow) -> None:  # MC-2
    content = video()
    at = content.index(b"moov")
    index = content[at:].replace(b"avc1", b"vvc1").replace(b"avcC", b"xvcC")
    assert_refused(follow(content[:at] + index), "H.266 (vvc1) cannot be read here; send H.264")


@pytest.mark.parametrize("rotation", [90, -90, 180])
def test_rotation_counts_before_sides(follow: Follow, rotation: int) -> None:  # MC-2
    assert follow(video(rotation=rotation, size=(360, 340)))["status"] == "completed"
    refused = follow(video(rotation=rotation, size=(360, 320)))
    assert_refused(refused, "320 x 360" if rotation % 180 else "360 x 320")


def test_all_inputs_are_looked_at(fetching: Api, files: FileHost, follow: Follow) -> None:  # MC-1
    small = files.add("small.png", saved(ramp(299, 300)))
    task = follow(video(), image_url=small)
    assert task["error"]["code"] == INPUTS
    assert task["error"]["message"].startswith("image_url: ")


@pytest.mark.parametrize(
    ("fps", "made"), [(1, 1), (10, 10), (24, 24), (30, 30), (31, 30), (60, 30)]
)
def test_the_frame_rate_is_the_videos_and_at_most_30(
    follow: Follow, fps: int, made: int
) -> None:  # MC-9
    task = follow(video(fps=fps))
    assert task["metadata"]["fps"] == made
    assert task["metadata"]["frames"] == 3 * made


@pytest.mark.parametrize(
    ("picture", "mode", "size"),
    [
        ((1920, 1080), "std", (1280, 720)),
        ((1080, 1920), "std", (720, 1280)),
        ((500, 500), "pro", (1440, 1440)),
        ((400, 300), "std", (1108, 832)),
    ],
)
def test_the_video_has_the_shape_of_the_image(
    follow: Follow, picture: tuple[int, int], mode: str, size: tuple[int, int]
) -> None:  # MC-9 V3-8
    made = follow(video(fps=1), image_url=inline(*picture), mode=mode)["metadata"]
    assert (made["width"], made["height"]) == size


def test_the_file_is_what_was_promised(
    follow: Follow, fetching: Api, tmp_path: Path
) -> None:  # MC-9 W-5 W-8
    params = {"watermark_info": {"enabled": True}, "prompt": "in full size"}
    task = follow(video(seconds=3.5, fps=12), **params)
    (output,) = task["output"]
    plain, marked = output["content"]
    assert plain.keys() == {"type", "url", "jobId"}
    assert marked.keys() == {"type", "url", "jobId", "watermark"}
    split = urlsplit(plain["url"])
    path = tmp_path / "made.mp4"
    path.write_bytes(fetching.stranger.get(f"{split.path}?{split.query}").content)
    made = facts(path)
    assert (made.width, made.height, made.fps) == (1108, 832, Fraction(12))
    assert (made.frame_count, made.seconds) == (42, 3.5)


@pytest.mark.parametrize(
    ("seconds", "mode", "cost"),
    [
        (3, "std", "0.3780"),
        (3.1, "std", "0.5040"),
        (4, "std", "0.5040"),
        (3, "pro", "0.5040"),
        (3.9, "pro", "0.6720"),
        (10, "pro", "1.6800"),
    ],
)
def test_the_price_is_by_the_second_of_the_video_rounded_up(
    follow: Follow, seconds: float, mode: str, cost: str
) -> None:  # W-6
    task = follow(video(seconds=seconds), mode=mode)
    assert task["usage"] == {"cost": cost, "discount": 0.0}


def test_a_video_is_kept_once_by_its_bytes(fetching: Api, follow: Follow) -> None:  # MC-2
    content = video(seconds=3.3)
    for _ in range(2):
        assert follow(content)["status"] == "completed"
    name = sha256(content).hexdigest()
    assert sum(key.endswith(name) for key in fetching.app.storage.keys("inputs/")) == 1


@pytest.mark.parametrize("prompt", ["fail", "crash"])
def test_a_failed_render_has_this_models_code(follow: Follow, prompt: str) -> None:  # W-7
    task = follow(video(), prompt=prompt)
    assert task["error"]["code"] == "006001095"
    assert "usage" not in task
