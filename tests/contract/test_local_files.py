"""Files of the server's own disk as inputs (N-17)."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from pydantic import ValidationError

from kirin.app import App
from kirin.engines.scripted import ScriptedEngine
from kirin.settings import Settings
from kirin.storage.keys import input_key
from support.api import GENERATION, TASK, Api, InProcess
from support.cards import I2V, MOTION
from support.pictures import ramp, saved
from support.videos import sound_alone, video


def jpeg(width: int, height: int) -> bytes:
    """A picture as a file."""
    return saved(ramp(width, height), "JPEG")


@pytest.fixture(scope="module")
def _disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, App, InProcess]]:
    root = tmp_path_factory.mktemp("disk")
    allowed = root / "allowed"
    (allowed / "below").mkdir(parents=True)
    data = root / "data"
    app = App.open(Settings(data_dir=data, engines="scripted", input_dirs=str(allowed)))
    transport = InProcess(app.http())
    yield allowed, app, transport
    transport.end()
    app.close()


@pytest.fixture
def disk(_disk: tuple[Path, App, InProcess]) -> tuple[Path, Api]:
    """An allowed folder, and a fresh account of the server that allows it."""
    allowed, app, transport = _disk
    return allowed, Api(app, transport)


def ask(api: Api, image: str, **beside: Any) -> httpx.Response:
    body = {"model": I2V, "input": [{"params": {"image": image, "prompt": "tiny"}}], **beside}
    return api.http.post(GENERATION, json=body)


def put(path: Path, side: int = 320) -> str:
    """A picture on the disk, and how a request names it."""
    path.write_bytes(jpeg(side, 300))
    return f"file://{quote(str(path))}"


def refused(answer: httpx.Response) -> str:
    assert answer.status_code == 400, answer.text
    (problem,) = answer.json()["errors"]
    assert problem["param"] == "image"
    assert "N-17" in problem["rules"]
    code: str = problem["code"]
    return code


def test_a_file_is_used_where_it_lies(disk: tuple[Path, Api]) -> None:  # N-17 C-1
    allowed, api = disk
    url = put(allowed / "below" / "a picture, ä.jpg")
    answer = ask(api, url)
    assert answer.status_code == 200, answer.text
    task = api.row(answer.json()["id"])
    (asset,) = task.assets.values()
    assert (asset.width, asset.height) == (320, 300)
    assert api.run(task.id)["status"] == "completed"
    assert not api.app.storage.exists(input_key(asset.sha256))
    again = api.http.get(f"{TASK}/{task.id}/request").json()
    assert again["input"][0]["params"]["image"] == url
    quoted = api.http.post("/model/v1/quote", json=again)
    assert quoted.status_code == 200, quoted.text
    assert api.http.post(f"{TASK}/{task.id}/remove").status_code == 200
    assert (allowed / "below" / "a picture, ä.jpg").exists()


def test_videos_too(disk: tuple[Path, Api]) -> None:  # N-17 MC-2
    allowed, api = disk
    path = allowed / "walk.mp4"
    path.write_bytes(video())
    params = {
        "image_url": put(allowed / "who.jpg", 340),
        "video_url": f"file://{path}",
        "mode": "std",
        "character_orientation": "image",
        "prompt": "tiny",
    }
    task = api.finish(MOTION, **params)
    assert task["status"] == "completed", task
    assert api.row(task["id"]).assets["video_url"].kind == "video"
    (allowed / "sound.mp4").write_bytes(sound_alone())
    wrong = {**params, "video_url": f"file://{allowed}/sound.mp4"}
    assert set(api.problems(MOTION, **wrong)) == {"video_url"}


@pytest.mark.parametrize("start", ["file:", "FILE://localhost"])
def test_ways_to_write_it(disk: tuple[Path, Api], start: str) -> None:  # N-17
    allowed, api = disk
    put(allowed / "plain.jpg")
    assert ask(api, f"{start}{allowed}/plain.jpg").status_code == 200


def test_the_same_bytes_are_the_same_input(disk: tuple[Path, Api]) -> None:  # N-17 N-15
    allowed, api = disk
    first, second = put(allowed / "one.jpg", 330), put(allowed / "two.jpg", 330)
    api.run(ask(api, first, seed=5).json()["id"])
    assert ask(api, second, seed=5).json()["status"] == "completed"


def test_it_is_off_where_no_folder_is_set(api: Api, tmp_path: Path) -> None:  # N-17
    url = put(tmp_path / "a.jpg")
    answer = ask(api, url)
    assert refused(answer) == "file_inputs_off"
    assert "KIRIN_INPUT_DIRS" in answer.json()["message"]


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "/",
        "",
        "etc/passwd",
        "{allowed}",
        "{allowed}/",
        "{allowed}/../data/kirin.db",
        "{allowed}/below/../../data/kirin.db",
        "{allowed}/%2e%2e/data/kirin.db",
        "{allowed}%2F..%2Fdata%2Fkirin.db",
        "{allowed}/./plain.jpg",
        "{allowed}//plain.jpg",
        "{allowed}/below",
        "{allowed}/a%00.jpg",
        "{allowed}/plain.jpg?x=1",
        "{allowed}/plain.jpg#x",
        "{allowed}-other/plain.jpg",
        "/{allowed}/plain.jpg",
        "//elsewhere{allowed}/plain.jpg",
        "//[",
    ],
)
def test_nothing_else_is_read(disk: tuple[Path, Api], path: str) -> None:  # N-17
    allowed, api = disk
    put(allowed / "plain.jpg")
    other = allowed.with_name("allowed-other")
    other.mkdir(exist_ok=True)
    put(other / "plain.jpg")
    answer = ask(api, f"file:{path.format(allowed=allowed)}")
    assert refused(answer) == "file_refused"
    assert "kirin.db" not in answer.json()["errors"][0]["message"]


def test_what_is_outside_is_refused_alike(disk: tuple[Path, Api]) -> None:  # N-17
    _, api = disk
    there, not_there = (ask(api, f"file://{path}") for path in ("/etc/passwd", "/etc/no-such"))
    assert there.json()["errors"] == not_there.json()["errors"]


def test_no_link_leads_out(disk: tuple[Path, Api], tmp_path: Path) -> None:  # N-17
    allowed, api = disk
    put(tmp_path / "secret.jpg")
    put(allowed / "plain.jpg")
    for name, target in (
        ("file.jpg", tmp_path / "secret.jpg"),
        ("inside.jpg", allowed / "plain.jpg"),
        ("folder", tmp_path),
        ("loop", allowed / "loop"),
    ):
        (allowed / name).symlink_to(target)
    for name in ("file.jpg", "inside.jpg", "folder/secret.jpg", "loop", "loop/a.jpg"):
        assert refused(ask(api, f"file://{allowed}/{name}")) == "file_refused"


def test_only_regular_files_are_opened(disk: tuple[Path, Api]) -> None:  # N-17
    allowed, api = disk
    os.mkfifo(allowed / "fifo")
    assert refused(ask(api, f"file://{allowed}/fifo")) == "file_refused"
    with socket.socket(socket.AF_UNIX) as listening:
        here = os.open(allowed, os.O_RDONLY)
        listening.bind(f"/proc/self/fd/{here}/socket")
        os.close(here)
        assert refused(ask(api, f"file://{allowed}/socket")) == "file_refused"
    answer = ask(api, f"file://{allowed}/nothing.jpg")
    assert refused(answer) == "file_gone"


def test_its_content_is_checked_like_any(disk: tuple[Path, Api]) -> None:  # N-17 C-2 C-3
    allowed, api = disk
    cases = {
        "text.jpg": (b"not a picture at all", "not_an_image"),
        "empty.jpg": (b"", None),
        "small.jpg": (jpeg(200, 200), "too_small"),
        "half.jpg": (jpeg(320, 300)[:500], None),
    }
    for name, (data, _) in cases.items():
        (allowed / name).write_bytes(data)
        answer = ask(api, f"file://{allowed}/{name}")
        assert answer.status_code == 400, name
        assert answer.json()["errors"][0]["param"] == "image"
    with (allowed / "large.jpg").open("wb") as file:
        file.truncate(11 * 2**20)
    answer = ask(api, f"file://{allowed}/large.jpg")
    assert answer.json()["errors"][0]["code"] == "too_many_bytes"


@pytest.mark.parametrize("change", ["other", "gone", "link", "longer"])
def test_a_change_before_rendering_is_told(disk: tuple[Path, Api], change: str) -> None:  # N-17
    allowed, api = disk
    path = allowed / "changing.jpg"
    id = ask(api, put(path)).json()["id"]
    if change == "longer":
        path.write_bytes(path.read_bytes() + b"x")
    else:
        path.unlink()
    if change == "other":
        put(path, 340)
    if change == "link":
        put(allowed / "elsewhere.jpg")
        path.symlink_to(allowed / "elsewhere.jpg")
    task = api.run(id)
    path.unlink(missing_ok=True)
    assert task["status"] == "failed"
    assert task["error"]["code"] == "002002099"
    assert task["error"]["message"].startswith("image: ")
    assert "kirin" not in task["error"]["message"]


def test_a_change_while_rendering_is_told(  # N-17
    disk: tuple[Path, Api], monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed, api = disk
    path = allowed / "busy.jpg"
    id = ask(api, put(path)).json()["id"]
    render = ScriptedEngine.render

    def change(*given: Any) -> Any:
        with path.open("ab") as file:
            file.write(b"x")
        return render(*given)

    monkeypatch.setattr(ScriptedEngine, "render", change)
    task = api.run(id)
    assert task["status"] == "failed"
    assert "was changed while" in task["error"]["message"]
    assert not list(api.app.storage.keys(f"results/{id}/"))


def test_another_name_for_the_place_does_not_matter(  # N-17
    disk: tuple[Path, Api], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is read is what was opened, whatever has its name by then."""
    allowed, api = disk
    path = allowed / "swapped.jpg"
    id = ask(api, put(path)).json()["id"]
    seen: list[bytes] = []
    render = ScriptedEngine.render

    def swap(self: Any, board: Any, read: Any, *rest: Any) -> Any:
        path.unlink()
        path.write_bytes(b"something else")
        seen.extend(read(asset).read_bytes() for asset in board.assets())
        return render(self, board, read, *rest)

    monkeypatch.setattr(ScriptedEngine, "render", swap)
    api.run(id)
    assert seen == [jpeg(320, 300)]


def test_a_worker_that_may_not_read_it_says_so(  # N-17
    disk: tuple[Path, Api], monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed, api = disk
    id = ask(api, put(allowed / "far.jpg")).json()["id"]
    opener = api.app.executor.runner.local
    monkeypatch.setattr(opener, "_folders", ())
    task = api.run(id)
    assert task["status"] == "failed"
    assert "reads no files of its own disk" in task["error"]["message"]


def test_what_later_tasks_need_is_kept(disk: tuple[Path, Api]) -> None:  # N-17
    allowed, api = disk
    subject = api.subject(
        element_image_list={
            "frontal_image": put(allowed / "front.jpg", 350),
            "refer_images": [{"image_url": put(allowed / "side.jpg", 360)}],
        }
    )
    assert subject
    (row,) = [task for task in api.http.get(TASK).json()["tasks"] if task["status"] == "completed"]
    for asset in api.row(row["id"]).assets.values():
        assert api.app.storage.exists(input_key(asset.sha256))


@pytest.mark.parametrize("folder", ["data", ".", "data/below"])
def test_the_data_folder_is_never_allowed(tmp_path: Path, folder: str) -> None:  # N-17
    allowed = tmp_path / folder if folder != "." else tmp_path
    with pytest.raises(ValidationError, match="KIRIN_INPUT_DIRS"):
        Settings(data_dir=tmp_path / "data", input_dirs=str(allowed))
    (tmp_path / "data" / "below").mkdir(parents=True)
    link = tmp_path.with_name(f"{tmp_path.name}-link")
    link.symlink_to(allowed)
    with pytest.raises(ValidationError, match="KIRIN_INPUT_DIRS"):
        Settings(data_dir=tmp_path / "data", input_dirs=str(link))


@pytest.mark.parametrize("folder", ["relative", "/a/../etc"])
def test_folders_are_absolute(tmp_path: Path, folder: str) -> None:  # N-17
    with pytest.raises(ValidationError, match="absolute"):
        Settings(data_dir=tmp_path, input_dirs=folder)
