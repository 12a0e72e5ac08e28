"""kirin_duration_extension: a finished video goes on, and stays what it was."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import update

from kirin.catalogue.cards.kirin_duration_extension import CARD, ID
from kirin.catalogue.registry import built_in
from kirin.clock import now_ms
from kirin.database.tables import tasks
from kirin.domain.storyboard import Quality
from kirin.domain.task import Task
from kirin.media.decode import facts
from kirin.media.encode import encode
from kirin.storage.keys import input_key
from support.api import TASK, Api, Finished
from support.cards import ELEMENTS, I2V, MULTI, T2V, V3
from support.pictures import inline

RATES = CARD.price.rates


def film(path: Path, frames: int, fps: int = 10, size: tuple[int, int] = (640, 360)) -> Path:
    """A video as this server writes them, of noise that stands still."""
    width, height = size
    rng = np.random.default_rng(frames)
    picture = rng.integers(40, 200, (height * 3 // 2, width), np.uint8)
    picture[height:] = 128
    shown = (picture for _ in range(frames))
    encode(shown, path, width=width, height=height, fps=Fraction(fps), quality=Quality.STANDARD)
    return path


def source(api: Api, path: Path | None = None, model: str = T2V, **params: Any) -> Task:
    """A completed task of the account, whose video is replaced by a file if one is given."""
    params.setdefault("prompt", "a tiny lake")
    if model == I2V:
        params.setdefault("image", inline(640, 400))
    done = api.finish(model, **params)
    task = api.row(done["id"])
    if path is not None:
        api.app.storage.put(task.results[0].key, path)
    return task


def told(api: Api, task: Task, **values: Any) -> None:
    """Have the row of a task say something else."""
    with api.app.database.write() as connection:
        connection.execute(update(tasks).where(tasks.c.id == task.id).values(**values))


def refused(api: Api, **params: Any) -> dict[str, Any]:
    """The one problem of a request that must be refused for its video."""
    answer = api.create(ID, **params)
    assert answer.status_code == 400, answer.text
    (problem,) = answer.json()["errors"]
    assert problem["param"] == "video_id"
    found: dict[str, Any] = problem
    return found


def pictures(path: Path) -> list[NDArray[np.uint8]]:
    with av.open(str(path)) as file:
        return [frame.to_ndarray() for frame in file.decode(video=0)]


def files(api: Api, task: dict[str, Any], folder: Path) -> list[Path]:
    """The files of a completed task, the marked copy last."""
    found = []
    for number, content in enumerate(task["output"][0]["content"]):
        path = folder / f"{task['id']}-{number}.mp4"
        path.write_bytes(api.http.get(content["url"]).content)
        found.append(path)
    return found


# Which videos (EXT-1, EXT-2).


def test_a_task_is_known_by_its_names(api: Api) -> None:  # EXT-1
    task = source(api, prompt="a lake", external_task_id="lake/7")
    for name in (task.id, "lake/7"):
        made = api.make(ID, video_id=name)
        assert made.params["video_id"] == task.id
        assert made.assets["video_id"].width == 1280
    told(api, task, metadata={**task.metadata, "job": "elsewhere-42"})
    assert api.read(task.id)["output"][0]["jobId"] == "elsewhere-42"
    assert api.make(ID, video_id="elsewhere-42").params["video_id"] == task.id


def test_a_video_is_required(api: Api) -> None:  # EXT-1
    assert api.problems(ID, prompt="on") == {"video_id": "required"}
    assert api.problems(ID, video_id="x" * 129) == {"video_id": "too_long"}


@pytest.mark.parametrize("name", ["nobody", "https://example.com/a.mp4", "' OR 1=1 --", "a\0b"])
def test_what_the_account_does_not_have_is_unknown(api: Api, name: str) -> None:  # EXT-1
    assert refused(api, video_id=name)["code"] == "unknown_task"


def test_another_accounts_video_is_unknown(api: Api) -> None:  # EXT-1
    task = source(api.another(), external_task_id="mine")
    for name in (task.id, "mine"):
        problem = refused(api, video_id=name)
        assert problem["code"] == "unknown_task"
        assert problem["rules"] == ["EXT-1"]


def test_a_task_without_a_video_is_refused_with_what_to_do(api: Api) -> None:  # EXT-1
    waiting = api.make(T2V, prompt="a lake")
    problem = refused(api, video_id=waiting.id)
    assert (problem["code"], "wait" in problem["message"]) == ("task_unfinished", True)
    failed = api.finish(T2V, prompt="fail")
    assert refused(api, video_id=failed["id"])["code"] == "task_failed"
    expired = source(api)
    told(api, expired, expired_at=now_ms())
    assert refused(api, video_id=expired.id)["code"] == "result_expired"
    gone = source(api)
    api.app.storage.delete(gone.results[0].key)
    assert refused(api, video_id=gone.id)["code"] == "file_gone"
    removed = source(api)
    assert api.http.post(f"{TASK}/{removed.id}/remove").status_code == 200
    assert refused(api, video_id=removed.id)["code"] == "unknown_task"


def test_a_subject_is_no_video(api: Api) -> None:  # EXT-2
    task = api.row(
        api.finish(
            ELEMENTS,
            element_name="Ada",
            element_description="stands",
            reference_type="image_refer",
            element_image_list={
                "frontal_image": inline(310, 300),
                "refer_images": [{"image_url": inline(320, 300)}],
            },
        )["id"]
    )
    assert refused(api, video_id=task.id)["code"] == "no_video"


@pytest.mark.parametrize("model", [T2V, I2V])
def test_videos_of_these_models_are_extended(api: Api, model: str) -> None:  # EXT-2
    assert api.make(ID, video_id=source(api, model=model).id).params["source_model"] == model


@pytest.mark.parametrize(
    ("model", "params"),
    [(MULTI, {"image_list": [{"image": inline()}]}), (V3, {"image": inline()})],
)
def test_videos_of_others_are_refused_by_name(
    api: Api, model: str, params: dict[str, Any]
) -> None:  # EXT-2
    problem = refused(api, video_id=source(api, model=model, **params).id)
    assert problem["code"] == "wrong_model"
    assert model in problem["message"]
    assert T2V in problem["message"]


# What is asked for (EXT-3, EXT-4).


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"prompt": "x" * 2500}, None),
        ({"prompt": "x" * 2501}, "too_long"),
        ({"negative_prompt": "x" * 2501}, "too_long"),
        ({"cfg_scale": 0}, None),
        ({"cfg_scale": 1}, None),
        ({"cfg_scale": 1.01}, "out_of_range"),
        ({"cfg_scale": -0.01}, "out_of_range"),
        ({"mode": "pro"}, "unknown_parameter"),
        ({"duration": "5"}, "unknown_parameter"),
        ({"source_mode": "pro"}, "unknown_parameter"),
    ],
)
def test_what_it_takes_beside_the_video(
    api: Api, params: dict[str, Any], code: str | None
) -> None:  # EXT-3
    video = source(api).id
    if code is None:
        api.make(ID, video_id=video, **params)
    else:
        (name,) = params
        assert api.problems(ID, video_id=video, **params) == {name: code}


def test_it_follows_its_source(api: Api) -> None:  # EXT-4
    task = source(api, prompt="a lake", mode="pro", aspect_ratio="9:16")
    made = api.make(ID, video_id=task.id)
    board = api.storyboard(made)
    assert (board.width, board.height, board.fps) == (1080, 1920, 24)
    assert board.quality is Quality.HIGH
    assert board.guidance == 0.5
    assert [shot.seconds for shot in board.shots] == [5]
    assert board.continues == made.assets["video_id"]


# Length (EXT-5).


@pytest.mark.slow
def test_three_minutes_are_the_most(api: Api, tmp_path: Path) -> None:  # EXT-5
    longest = source(api, film(tmp_path / "175.mp4", 1750, size=(320, 180)))
    done = api.finish(ID, video_id=longest.id)
    assert done["status"] == "completed", done
    assert done["metadata"]["duration"] == 180
    assert done["metadata"]["frames"] == 1800
    problem = refused(api, video_id=done["id"])
    assert problem["code"] == "too_long"
    assert "EXT-5" in problem["rules"]
    beyond = source(api, film(tmp_path / "over.mp4", 1751, size=(320, 180)))
    assert "175.1 s" in refused(api, video_id=beyond.id)["message"]


# The video (EXT-6).


def test_every_picture_stays_as_it_was_and_the_video_goes_on(
    api: Api, tmp_path: Path
) -> None:  # EXT-4, EXT-6
    first = source(api, model=I2V, prompt="a lake")
    done = api.finish(ID, video_id=first.id, prompt="the camera zooms in")
    assert done["status"] == "completed", done
    assert done["metadata"]["joined"] == "copied"
    (before,), (after,) = files(api, api.read(first.id), tmp_path), files(api, done, tmp_path)
    old, new = pictures(before), pictures(after)
    assert len(new) == len(old) + 150 == done["metadata"]["frames"] == 300
    assert done["metadata"]["duration"] == 10
    assert done["metadata"]["continues"] == {"frames": 150, "duration": 5}
    assert all(np.array_equal(a, b) for a, b in zip(old, new, strict=False))
    # It may be extended again, as often as it is short enough; the beginning is never touched.
    again = api.finish(ID, video_id=done["id"])
    (last,) = files(api, again, tmp_path)
    newest = pictures(last)
    assert len(newest) == 450
    assert all(np.array_equal(a, b) for a, b in zip(new, newest, strict=False))


def test_the_whole_plays_as_one_video(api: Api, tmp_path: Path) -> None:  # EXT-6
    done = api.finish(ID, video_id=source(api, film(tmp_path / "a.mp4", 21)).id)
    (path,) = files(api, done, tmp_path)
    found = facts(path)
    assert (found.frame_count, found.fps, found.constant) == (71, 10, True)
    assert (found.seconds, found.faststart, found.has_audio) == (pytest.approx(7.1), True, False)
    with av.open(str(path)) as file:
        (video,) = file.streams.video
        decoded = [packet.dts for packet in file.demux(video) if packet.dts is not None]
        assert decoded == sorted(set(decoded))
        for second in (0, 1, 2, 3, 5, 7):  # players may go anywhere
            file.seek(second * 1_000_000)
            frame = next(file.decode(video))
            assert frame.time is not None
            assert frame.time <= second


def test_the_marked_copy_is_marked_from_start_to_end(api: Api, tmp_path: Path) -> None:  # EXT-6
    first = source(api, film(tmp_path / "a.mp4", 20))
    done = api.finish(ID, video_id=first.id, watermark_info={"enabled": True})
    plain, marked = (pictures(path) for path in files(api, done, tmp_path))
    assert len(plain) == len(marked) == 70
    for clean, other in zip(plain, marked, strict=True):
        changed = np.abs(clean.astype(int) - other) > 40
        assert changed.any()


@pytest.mark.parametrize(
    ("codec", "options", "joined"),
    [
        ("libx264", {"preset": "ultrafast"}, "copied"),
        ("libx264", {"preset": "slow", "refs": "5"}, "copied"),
        ("mpeg4", {}, "re-encoded"),
    ],
)
def test_a_video_of_another_encoder(
    api: Api, tmp_path: Path, codec: str, options: dict[str, str], joined: str
) -> None:  # EXT-6
    path = tmp_path / "other.mp4"
    with av.open(str(path), "w") as file:
        stream = file.add_stream(codec, rate=10, options=options)
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        for number in range(20):
            grey = np.full((360, 640, 3), 9 * number, np.uint8)
            file.mux(stream.encode(av.VideoFrame.from_ndarray(grey, "rgb24")))
        file.mux(stream.encode(None))
    done = api.finish(ID, video_id=source(api, path).id)
    assert done["status"] == "completed", done
    assert done["metadata"]["joined"] == joined
    (whole,) = files(api, done, tmp_path)
    assert facts(whole).frame_count == done["metadata"]["frames"] == 70
    same = [np.array_equal(a, b) for a, b in zip(pictures(path), pictures(whole), strict=False)]
    assert all(same) == (joined == "copied")


def test_what_it_was_made_from_may_go_meanwhile(api: Api, tmp_path: Path) -> None:  # EXT-6
    task = source(api)
    made = api.make(ID, video_id=task.id)
    assert api.http.post(f"{TASK}/{task.id}/remove").status_code == 200
    assert api.run(made.id)["status"] == "completed"
    kept = api.row(made.id).assets["video_id"]
    assert api.app.storage.path(input_key(kept.sha256)).exists()


# Codes and prices (EXT-7, EXT-8).


def test_codes(api: Api) -> None:  # EXT-7
    failed = api.finish(ID, video_id=source(api).id, prompt="fail")
    assert failed["error"]["code"] == "014002095"
    assert set(CARD.codes.values()) == {"014002095", "014002096", "014002097", "014002099"}


@pytest.mark.parametrize(
    ("model", "mode", "cost"),
    [
        (I2V, "std", "0.1400"),
        (I2V, "pro", "0.4900"),
        (T2V, "std", "0.2800"),
        (T2V, "pro", "0.4900"),
    ],
)
def test_it_costs_as_five_seconds_of_its_source(
    api: Api, model: str, mode: str, cost: str
) -> None:  # EXT-8
    first = source(api, model=model, mode=mode)
    done = api.finish(ID, video_id=first.id, prompt="tiny")
    assert done["usage"]["cost"] == cost
    # Of a video that was extended before, the model of its beginning counts.
    assert api.quote(ID, video_id=done["id"]) == cost


def test_the_prices_are_those_of_the_models() -> None:  # EXT-8
    cards = {card.id: card for card in built_in()}
    for (model, mode), rate in RATES.items():
        if model in cards:
            assert cards[model].price.rates[(mode,)] == rate
            assert cards[model].price.unit == 5
    assert set(RATES.values()) <= {Decimal("0.14"), Decimal("0.28"), Decimal("0.49")}


def test_a_task_that_others_read_is_extended_by_its_owner_alone(
    finished: Finished, api: Api
) -> None:  # EXT-1
    assert refused(api, video_id=finished.task["id"])["code"] == "unknown_task"
