"""Inference servers, against a double that refuses fields which real ones silently drop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.camera import CameraControl
from kirin.domain.lips import LipSync
from kirin.domain.storyboard import (
    Driving,
    Orientation,
    Point,
    Reference,
    Shot,
    Storyboard,
    Stroke,
)
from kirin.engines.base import RemoteJob
from kirin.engines.servers.api import SERVER_APIS
from kirin.engines.servers.capabilities import ModelCapabilities, ServerCapability
from kirin.engines.servers.engine import ServersEngine
from kirin.errors import CallFailed, EngineAway, InputsRefused, Stopped, TaskError
from support.inference import SGLANG, InferenceDouble
from support.pictures import ramp, saved
from support.render_contexts import QUICK, FakeAttempt

WAN = ModelCapabilities(
    supports=frozenset(ServerCapability),
    fps=16,
    frame_step=4,
    side_step=16,
    max_pixels=1280 * 720,
    max_seconds=5,
    max_characters=1500,
    guidance=(1, 9),
)
BOARD = Storyboard("kirin_v1_6_t2v", 1280, 720, Fraction(24), (Shot("a lake", 5),), seed=7)
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def server() -> Iterator[InferenceDouble]:
    with InferenceDouble() as double:
        yield double


def pool(
    *urls: str, kind: str = "vllm-omni", capabilities: ModelCapabilities = WAN, **more: Any
) -> ServersEngine:
    usual = {
        "key": None,
        "models": ["kirin_v1_6_t2v", "kirin_v1_i2v", "kirin_v3_i2v"],
        "backoff": QUICK,
        "max_seconds": 300,
        "silence_seconds": 300,
    }
    return ServersEngine("wan", urls, SERVER_APIS[kind], capabilities, **{**usual, **more})


def test_a_video_is_asked_for_followed_and_fetched(
    server: InferenceDouble, attempt: FakeAttempt
) -> None:
    board = replace(BOARD, negative_prompt="people", guidance=0.25, sound=True)
    video = pool(server.url("")).render_remotely(board, attempt.context())
    assert video.path.read_bytes() == b"a video"
    assert server.forms == [
        {
            "prompt": "a lake",
            "size": "1280x720",
            "num_frames": "81",
            "fps": "16",
            "seed": "7",
            "negative_prompt": "people",
            "guidance_scale": "3.0",
            "generate_sound": "true",
        }
    ]
    assert video.notes == {"server_seconds": 1.5}
    assert attempt.reported == [0.0, 0.4, 0.4]
    assert server.deleted == [video.job_id] == [attempt.job_id]


def test_sglang_is_asked_only_what_it_reads(attempt: FakeAttempt) -> None:
    with InferenceDouble(fields=SGLANG) as server:
        pool(server.url(""), kind="sglang").render_remotely(BOARD, attempt.context())
        assert server.forms[0].keys() == {
            "prompt",
            "size",
            "num_frames",
            "fps",
            "seed",
            "guidance_scale",
        }


def test_a_picture_goes_along_as_a_file(server: InferenceDouble, attempt: FakeAttempt) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    first = attempt.asset(saved(ramp(832, 1108), "JPEG", exif=turned), width=1108, height=832)
    shot = Shot("", 5, first=first)
    board = replace(BOARD, model="kirin_v1_i2v", width=1108, height=832, shots=(shot,))
    with pytest.raises(InputsRefused, match="Field required"):
        pool(server.url("")).render_remotely(board, attempt.context())
    shot = replace(shot, prompt="wind")
    pool(server.url("")).render_remotely(replace(board, shots=(shot,)), attempt.context())
    sent = server.forms[0]["input_reference"]
    assert isinstance(sent, bytes)
    with Image.open(BytesIO(sent)) as shown:
        assert (shown.format, shown.size) == ("PNG", (1108, 832))
        # Green grows downwards as it is stored, and so to the left as it is seen.
        green = [shown.getpixel((x, 400))[1] for x in (5, 1100)]  # type: ignore[index]
        assert green == pytest.approx([255, 0], abs=15)
    assert server.forms[0]["size"] == "1120x832"  # cropped again when it comes back


@pytest.mark.parametrize(
    ("fps", "step", "seconds", "frames"),
    [(16, 4, 5, 81), (24, 4, 5, 121), (16, 8, 3, 49), (25, 8, 5, 129), (24, 1, 10, 240)],
)
def test_the_models_grid_is_never_too_short(fps: int, step: int, seconds: int, frames: int) -> None:
    capabilities = replace(WAN, fps=fps, frame_step=step)
    board = replace(BOARD, shots=(Shot("a lake", seconds),))
    count = capabilities.frame_count(board)
    assert (count, (count - 1) % step) == (frames, 0)
    assert count / fps >= seconds


PICTURE = Asset.announced(AssetKind.IMAGE)
VIDEO = Asset.announced(AssetKind.VIDEO)
SUBJECT = Reference("Ada", (PICTURE,))


def shot(**changes: Any) -> Storyboard:
    return replace(BOARD, shots=(Shot("a lake", 5, **changes),))


@pytest.mark.parametrize(
    ("board", "field"),
    [
        (shot(last=PICTURE), "shots.last"),
        (shot(references=(SUBJECT,)), "shots.references"),
        (shot(strokes=(Stroke(PICTURE, (Point(0, 0), Point(9, 9))),)), "shots.strokes"),
        (shot(still=PICTURE), "shots.still"),
        (shot(camera=CameraControl(zoom=3)), "shots.camera"),
        (replace(BOARD, shots=(Shot("a", 2), Shot("b", 3))), "shots"),
        (replace(BOARD, driving=Driving(VIDEO, Orientation.IMAGE, False)), "driving"),
        (replace(BOARD, lips=LipSync(VIDEO, ())), "lips"),
        (replace(BOARD, width=1920, height=1080), "size"),
        (replace(BOARD, shots=(Shot("a lake", 10),)), "shots.seconds"),
        (replace(BOARD, shots=(Shot("a" * 1501, 5),)), "shots.prompt"),
        (replace(BOARD, negative_prompt="a" * 1501), "shots.prompt"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_what_no_server_honours_is_refused(board: Storyboard, field: str) -> None:
    assert pool(NOWHERE).unsupported(BOARD) == []
    (reason,) = pool(NOWHERE).unsupported(board)
    assert reason.field == field
    assert reason.message.startswith("wan ")


@pytest.mark.parametrize(
    ("capability", "board", "field"),
    [
        (ServerCapability.TEXT, BOARD, "shots.prompt"),
        (ServerCapability.IMAGE, shot(first=PICTURE), "shots.first"),
        (ServerCapability.SOUND, replace(BOARD, sound=True), "sound"),
        (
            ServerCapability.NEGATIVE_PROMPT,
            replace(BOARD, negative_prompt="people"),
            "negative_prompt",
        ),
    ],
)
def test_what_the_model_does_not_take_is_refused(
    capability: ServerCapability, board: Storyboard, field: str
) -> None:
    assert pool(NOWHERE).unsupported(board) == []
    without = pool(NOWHERE, capabilities=replace(WAN, supports=WAN.supports - {capability}))
    assert [reason.field for reason in without.unsupported(board)] == [field]


def test_a_distilled_model_cannot_be_guided(server: InferenceDouble, attempt: FakeAttempt) -> None:
    distilled = pool(server.url(""), capabilities=replace(WAN, guidance=None))
    (reason,) = distilled.unsupported(replace(BOARD, guidance=0.9))
    assert reason.field == "guidance"
    distilled.render_remotely(BOARD, attempt.context())
    assert "guidance_scale" not in server.forms[0]


def test_sglang_cannot_be_asked_for_sound() -> None:
    (reason,) = pool(NOWHERE, kind="sglang").unsupported(replace(BOARD, sound=True))
    assert reason.field == "sound"


def test_the_least_busy_server_is_asked(attempt: FakeAttempt) -> None:
    with InferenceDouble() as busy, InferenceDouble() as idle:
        busy.add("queued")
        busy.add("in_progress")
        idle.add("completed")
        idle.add("failed")
        for turn in "abcd":
            engine = pool(busy.url(""), idle.url(""))
            engine.render_remotely(BOARD, attempt.context(task_id=f"task {turn}"))
        assert (len(busy.forms), len(idle.forms)) == (0, 4)


def test_tasks_are_spread_over_equals(attempt: FakeAttempt) -> None:
    with InferenceDouble() as one, InferenceDouble() as other:
        for name in "abcd":
            pool(one.url(""), other.url("")).render_remotely(
                BOARD, attempt.context(task_id=f"task{name}")
            )
        assert (len(one.forms), len(other.forms)) == (2, 2)


def test_who_is_down_ill_or_full_is_passed_over(
    server: InferenceDouble, attempt: FakeAttempt
) -> None:
    with InferenceDouble() as ill, InferenceDouble() as full:
        ill.well = False
        full.refuse = [429, 503] * 4
        urls = (NOWHERE, ill.url(""), full.url(""), server.url(""))
        for name in "abcd":
            pool(*urls).render_remotely(BOARD, attempt.context(task_id=f"task{name}"))
        assert (len(ill.forms), len(full.forms), len(server.forms)) == (0, 0, 4)


def test_where_no_server_takes_it_the_pool_is_away(
    server: InferenceDouble, attempt: FakeAttempt
) -> None:
    server.refuse = [503]
    with pytest.raises(EngineAway) as caught:
        pool(NOWHERE, server.url("")).render_remotely(BOARD, attempt.context())
    assert "127.0.0.1" not in str(caught.value)  # addresses inside are nobody's business


def test_a_wrong_key_is_told_without_showing_it(
    server: InferenceDouble, attempt: FakeAttempt
) -> None:
    server.refuse = [401]
    with pytest.raises(EngineAway, match=r"\(401\)"):
        pool(server.url(""), key="secret").render_remotely(BOARD, attempt.context())


def test_a_refusal_keeps_the_servers_message(server: InferenceDouble, attempt: FakeAttempt) -> None:
    server.refuse = [400]
    with pytest.raises(InputsRefused, match="wan: refused, as told"):
        pool(server.url("")).render_remotely(BOARD, attempt.context())


def test_a_failure_is_the_tasks_although_its_status_is_500(
    server: InferenceDouble, attempt: FakeAttempt
) -> None:
    server.fail = "out of memory"
    with pytest.raises(TaskError, match="wan: out of memory"):
        pool(server.url("")).render_remotely(BOARD, attempt.context())
    assert len(server.forms) == 1


def test_a_job_that_its_server_forgot_is_made_again(
    server: InferenceDouble, attempt: FakeAttempt
) -> None:
    deleted = False

    def forget(_: float) -> None:
        nonlocal deleted
        if not deleted:
            deleted = True
            server.jobs.clear()  # it was started anew

    video = pool(server.url("")).render_remotely(BOARD, attempt.context(progress=forget))
    assert video.path.read_bytes() == b"a video"
    assert len(server.forms) == 2


def test_a_job_whose_server_dies_is_made_by_another(
    server: InferenceDouble, attempt: FakeAttempt
) -> None:
    with ExitStack() as life:
        dying = life.enter_context(InferenceDouble())
        dying.stuck = True
        server.add("queued")  # so that the other one is asked first
        context = attempt.context(progress=lambda _: life.close())
        both = pool(dying.url(""), server.url(""), silence_seconds=0.1)
        video = both.render_remotely(BOARD, context)
    assert video.path.read_bytes() == b"a video"
    assert (len(dying.forms), len(server.forms)) == (1, 1)


def test_a_download_that_breaks_off_is_begun_again(
    server: InferenceDouble, attempt: FakeAttempt
) -> None:
    server.cut = 2
    video = pool(server.url("")).render_remotely(BOARD, attempt.context())
    assert video.path.read_bytes() == b"a video"
    assert len(server.forms) == 1


def test_a_cancelled_task_is_deleted_there(server: InferenceDouble, attempt: FakeAttempt) -> None:
    def cancel(_: float) -> None:
        attempt.over = attempt.ended = True

    with pytest.raises(Stopped):
        pool(server.url("")).render_remotely(BOARD, attempt.context(progress=cancel))
    assert server.deleted == [attempt.job_id]


def test_a_later_attempt_goes_on_with_the_job(
    server: InferenceDouble, attempt: FakeAttempt
) -> None:
    def stop(_: float) -> None:
        attempt.over = True

    engine = pool(NOWHERE, server.url(""))
    with pytest.raises(Stopped):
        engine.render_remotely(BOARD, attempt.context(progress=stop))
    assert server.deleted == []
    attempt.over = False
    video = engine.render_remotely(BOARD, attempt.context(is_retry=True))
    assert video.path.read_bytes() == b"a video"
    assert len(server.forms) == 1


def test_a_later_attempt_begins_anew_where_the_job_is_gone(
    server: InferenceDouble, attempt: FakeAttempt
) -> None:
    attempt.job_id = "video_gen_gone"
    pool(server.url("")).render_remotely(BOARD, attempt.context(is_retry=True))
    assert len(server.forms) == 1


def test_what_takes_too_long_is_given_up_and_deleted(
    server: InferenceDouble, attempt: FakeAttempt
) -> None:
    server.stuck = True
    with pytest.raises(CallFailed, match=r"did not finish within 0\.1 s"):
        pool(server.url(""), max_seconds=0.1).render_remotely(BOARD, attempt.context())
    assert server.deleted == [attempt.job_id]


def test_what_a_dead_worker_has_begun_is_deleted_wherever_it_is(server: InferenceDouble) -> None:
    job = server.add()["id"]
    with InferenceDouble() as other:
        pool(other.url(""), server.url("")).cancel(RemoteJob(BOARD.model, "task-1", job))
    assert server.deleted == [job]
    pool(server.url("")).cancel(RemoteJob(BOARD.model, "task-1", None))
    assert server.deleted == [job]


def test_a_look_names_the_servers_that_cannot_be_used(server: InferenceDouble) -> None:
    assert pool(server.url("")).check_health() is None
    gone, ill = "http://127.0.0.1:9", server.url("")
    server.well = False
    told = pool(gone, ill).check_health()
    assert told is not None
    assert f"{gone}: " in told
    assert f"{ill.rstrip('/')}: answered 503" in told


def test_other_models_are_refused() -> None:
    (reason,) = pool(NOWHERE).unsupported(replace(BOARD, model="kirin_v3_motion_control"))
    assert reason.field == "model"
