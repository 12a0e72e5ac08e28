"""Kling's own API, against a double that has its documents' fields and no others."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from kirin.domain.assets import AssetKind
from kirin.domain.camera import CameraControl, CameraPreset
from kirin.domain.storyboard import (
    Driving,
    Orientation,
    Point,
    Reference,
    Shot,
    Storyboard,
    Stroke,
)
from kirin.engines.base import RemoteVideo
from kirin.engines.upstream.engine import UpstreamEngine
from kirin.engines.upstream.kling import KlingDialect
from kirin.engines.upstream.params import MODELS
from kirin.errors import (
    ContentRefused,
    EngineAway,
    InputsRefused,
    KirinError,
    NotStarted,
    TaskError,
)
from kirin.media.egress import EgressPolicy
from support.kling import ACCESS, ELEMENT_ID, SECRET, KlingDouble
from support.loopback import FileHost
from support.render_contexts import QUICK, FakeAttempt

FPS = Fraction(24)


@pytest.fixture(scope="module")
def video() -> Iterator[str]:
    with FileHost() as host:
        yield host.add("video.mp4", b"a video")


@pytest.fixture
def kling(video: str) -> Iterator[KlingDouble]:
    with KlingDouble(video) as double:
        yield double


def render_remotely(
    double: KlingDouble,
    board: Storyboard,
    attempt: FakeAttempt,
    secret: str = SECRET,
    names: Mapping[str, str] | None = None,
    **changes: Any,
) -> RemoteVideo:
    engine = UpstreamEngine(
        "kling",
        double.url(""),
        KlingDialect(ACCESS, secret, names or {}),
        models=MODELS,
        egress=EgressPolicy(allow=("127.0.0.1",)),
        can_link=True,
        backoff=QUICK,
        max_seconds=300,
        silence_seconds=300,
    )
    assert engine.unsupported(board) == []
    return engine.render_remotely(board, attempt.context(**changes))


TEXT = Storyboard("kirin_v1_6_t2v", 1280, 720, FPS, (Shot("a lake", 5),))


def only(double: KlingDouble) -> dict[str, Any]:
    """The body of the one task that was asked for."""
    (task,) = double.tasks.values()
    body: dict[str, Any] = task["body"]
    return body


def test_text_to_video(kling: KlingDouble, attempt: FakeAttempt) -> None:
    video = render_remotely(kling, TEXT, attempt)
    assert video.path.read_bytes() == b"a video"
    assert video.job_id in kling.tasks
    assert video.notes == {"upstream_cost": {"amount": "2.5", "unit": "units"}}
    assert only(kling) == {
        "model_name": "kling-v1-6",
        "prompt": "a lake",
        "mode": "std",
        "duration": "5",
        "aspect_ratio": "16:9",
        "cfg_scale": 0.5,
        "external_task_id": "0123456789abcdef",
    }


def test_another_model_of_theirs_can_be_named(kling: KlingDouble, attempt: FakeAttempt) -> None:
    render_remotely(kling, TEXT, attempt, names={"kirin_v1_6_t2v": "kling-v2-master"})
    assert only(kling)["model_name"] == "kling-v2-master"


def test_image_to_video_with_a_motion_brush(kling: KlingDouble, attempt: FakeAttempt) -> None:
    first, mask = attempt.asset(b"first", width=640, height=480), attempt.asset(b"mask")
    shot = Shot("", 5, first=first, strokes=(Stroke(mask, (Point(1.4, 80), Point(9.6, 470))),))
    render_remotely(kling, replace(TEXT, model="kirin_v1_i2v", shots=(shot,)), attempt)
    body = only(kling)
    assert b64decode(body["image"]) == b"first"
    # Whole pixels, from the bottom edge.
    assert body["dynamic_masks"][0]["trajectories"] == [{"x": 1, "y": 400}, {"x": 10, "y": 10}]


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("kirin_v1_t2v", "kling-v1"),
        ("kirin_v1_5_i2v", "kling-v1-5"),
        ("kirin_v1_6_i2v", "kling-v1-6"),
        ("kirin_v2_master_t2v", "kling-v2-master"),
        ("kirin_v2_master_i2v", "kling-v2-master"),
        ("kirin_v2_1_i2v", "kling-v2-1"),
        ("kirin_v2_1_master_t2v", "kling-v2-1-master"),
        ("kirin_v2_1_master_i2v", "kling-v2-1-master"),
        ("kirin_v2_5_turbo_t2v", "kling-v2-5-turbo"),
        ("kirin_v2_5_turbo_i2v", "kling-v2-5-turbo"),
        ("kirin_v2_6_t2v", "kling-v2-6"),
        ("kirin_v2_6_i2v", "kling-v2-6"),
        ("kirin_v3_t2v", "kling-v3"),
    ],
)
def test_each_model_has_its_endpoint_and_its_name_there(
    kling: KlingDouble, attempt: FakeAttempt, model: str, name: str
) -> None:
    first = attempt.asset(b"first") if model.endswith("i2v") else None
    render_remotely(kling, replace(TEXT, model=model, shots=(Shot("a lake", 5, first),)), attempt)
    (task,) = kling.tasks.values()
    assert task["path"] == f"/v1/videos/{'image2video' if first else 'text2video'}"
    assert task["body"]["model_name"] == name
    assert ("aspect_ratio" in task["body"]) is (first is None)
    assert ("mode" in task["body"]) is ("master" not in model)
    assert ("cfg_scale" in task["body"]) is model.startswith("kirin_v1_")


@pytest.mark.parametrize("model", ["kirin_v2_6_t2v", "kirin_v2_6_i2v", "kirin_v3_t2v"])
def test_sound_is_asked_for(kling: KlingDouble, attempt: FakeAttempt, model: str) -> None:
    first = attempt.asset(b"first") if model.endswith("i2v") else None
    board = replace(TEXT, model=model, shots=(Shot("a lake", 5, first),), sound=True)
    render_remotely(kling, board, attempt)
    assert only(kling)["sound"] == "on"


def test_camera_control_is_sent_as_it_came(kling: KlingDouble, attempt: FakeAttempt) -> None:
    shots = (Shot("a lake", 5, camera=CameraControl(roll=-2.5)),)
    render_remotely(kling, replace(TEXT, model="kirin_v1_t2v", shots=shots), attempt)
    others = dict.fromkeys(("horizontal", "vertical", "pan", "tilt", "zoom"), 0)
    assert only(kling)["camera_control"] == {"type": "simple", "config": {**others, "roll": -2.5}}


def test_a_preset_is_sent_without_a_config(kling: KlingDouble, attempt: FakeAttempt) -> None:
    shots = (Shot("a lake", 5, camera=CameraControl(preset=CameraPreset.DOWN_BACK)),)
    render_remotely(kling, replace(TEXT, model="kirin_v1_t2v", shots=shots), attempt)
    assert only(kling)["camera_control"] == {"type": "down_back"}


def test_several_images_to_video(kling: KlingDouble, attempt: FakeAttempt) -> None:
    references = tuple(Reference("", (attempt.asset(name),)) for name in (b"cat", b"dog"))
    shot = Shot("they play", 10, references=references)
    render_remotely(kling, replace(TEXT, model="kirin_v1_6_multi_i2v", shots=(shot,)), attempt)
    assert [b64decode(each["image"]) for each in only(kling)["image_list"]] == [b"cat", b"dog"]


def test_shots_with_subjects(kling: KlingDouble, attempt: FakeAttempt) -> None:
    ada = Reference("Ada", (attempt.asset(b"front"), attempt.asset(b"side")))
    shots = (
        Shot("<<<element_1>>> waits", 2, first=attempt.asset(b"first"), references=(ada,)),
        Shot("night", 3),
    )
    render_remotely(kling, replace(TEXT, model="kirin_v3_i2v", shots=shots, sound=True), attempt)
    subject, video = (task["body"] for task in kling.tasks.values())
    assert subject["element_image_list"]["frontal_image"]
    assert "model_name" not in subject
    assert video["element_list"] == [{"element_id": ELEMENT_ID}]
    assert [shot["duration"] for shot in video["multi_prompt"]] == ["2", "3"]
    assert (video["model_name"], video["sound"]) == ("kling-v3", "on")
    assert kling.deleted == [str(ELEMENT_ID)]


def test_motion_control_by_link(kling: KlingDouble, attempt: FakeAttempt) -> None:
    dance = attempt.asset(b"dance", kind=AssetKind.VIDEO, mime="video/mp4", seconds=5.0, fps=FPS)
    driving = Driving(dance, Orientation.VIDEO, keep_sound=False)
    board = replace(
        TEXT,
        model="kirin_v3_motion_control",
        shots=(Shot("", 5, first=attempt.asset(b"her")),),
        driving=driving,
    )
    render_remotely(kling, board, attempt)
    body = only(kling)
    assert body["video_url"] == f"https://here.example/{dance.sha256}"
    assert (body["character_orientation"], body["keep_original_sound"]) == ("video", "no")


def test_an_answer_that_got_lost_is_found_by_our_name(
    kling: KlingDouble, attempt: FakeAttempt
) -> None:
    kling.cut = 1
    video = render_remotely(kling, TEXT, attempt)
    assert list(kling.tasks) == [video.job_id]


def test_a_later_attempt_finds_the_task(kling: KlingDouble, attempt: FakeAttempt) -> None:
    first = render_remotely(kling, TEXT, attempt)
    assert render_remotely(kling, TEXT, attempt, is_retry=True).job_id == first.job_id
    assert len(kling.tasks) == 1


def test_where_a_limit_is_reached_it_waits(kling: KlingDouble, attempt: FakeAttempt) -> None:
    kling.refuse = [1302, 1303]
    assert render_remotely(kling, TEXT, attempt).job_id in kling.tasks


@pytest.mark.parametrize(
    ("code", "kind"),
    [(1102, EngineAway), (1202, NotStarted), (1201, InputsRefused), (1301, ContentRefused)],
)
def test_each_refusal_has_its_meaning(
    kling: KlingDouble, attempt: FakeAttempt, code: int, kind: type[KirinError]
) -> None:
    kling.refuse = [code] * 3
    with pytest.raises(kind) as caught:
        render_remotely(kling, TEXT, attempt)
    assert type(caught.value) is kind
    assert kling.tasks == {}


def test_a_key_that_is_wrong_is_told_without_showing_it(
    kling: KlingDouble, attempt: FakeAttempt
) -> None:
    other = "another-secret-key-of-32-letters"
    with pytest.raises(EngineAway, match=r"does not accept tasks from this server \(1002\)") as it:
        render_remotely(kling, TEXT, attempt, secret=other)
    assert other not in str(it.value)


def test_a_failure_keeps_the_providers_message(kling: KlingDouble, attempt: FakeAttempt) -> None:
    kling.fail = "the prompt breaks the rules"
    with pytest.raises(TaskError, match="kling: the prompt breaks the rules"):
        render_remotely(kling, TEXT, attempt)
