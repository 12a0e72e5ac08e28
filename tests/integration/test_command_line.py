"""The command line against a running server, and with a private one."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kirin.cli import app
from kirin.media.decode import facts
from support.cards import I2V, MOTION, T2V
from support.pictures import flat_png
from support.servers import SETTINGS, Running
from support.videos import write_video


def kirin(running: Running | None, *words: str, status: int = 0) -> Result:
    """Run a command, told where the server is and how to get in."""
    server = running.server if running else None
    there = {"KIRIN_SERVER": server.base_url, "KIRIN_API_KEY": server.api_key} if server else {}
    result = CliRunner(env=there).invoke(app, words)
    assert result.exit_code == status, result.output
    return result


def test_a_video_from_a_photograph(running: Running, tmp_path: Path) -> None:
    photo, video = tmp_path / "photo.png", tmp_path / "my [first] video.mp4"
    photo.write_bytes(flat_png(640, 360))
    words = ["-p", f"image=@{photo}", "-p", "prompt=tiny", "-o", str(video)]
    words += ["-p", 'watermark_info={"enabled": true}']
    said = kirin(running, "generate", I2V, *words)
    assert said.stdout == f"{video}\n"
    assert "100%" in said.stderr
    for path in (video, tmp_path / "my [first] video-watermarked.mp4"):
        assert facts(path).frame_count == 150


def test_a_character_moves_as_a_video_on_the_disk_does(running: Running, tmp_path: Path) -> None:
    photo, dance, video = (tmp_path / name for name in ("ada.png", "dance.mp4", "out.mp4"))
    photo.write_bytes(flat_png(640, 360))
    write_video(dance, seconds=3, fps=10)
    words = ["-p", f"image_url=@{photo}", "-p", f"video_url=@{dance}", "-p", "mode=std"]
    words += ["-p", "character_orientation=image", "-o", str(video)]
    assert kirin(running, "generate", MOTION, *words).stdout == f"{video}\n"
    assert facts(video).frame_count == 30


def test_a_refusal_names_each_parameter(running: Running, tmp_path: Path) -> None:
    words = ["-p", "mode=best", "-p", "[/x]=1", "-o", str(tmp_path / "out.mp4")]
    said = kirin(running, "generate", T2V, *words, status=6).stderr
    for line in (
        "  prompt: missing",
        "  mode: must be 'std' or 'pro', not 'best'",
        "  [/x]: unknown parameter",
    ):
        assert line in said
    assert list(tmp_path.iterdir()) == []


def test_a_failure_is_told(running: Running, tmp_path: Path) -> None:
    words = ["-p", "prompt=fail", "-o", str(tmp_path / "out.mp4")]
    said = kirin(running, "generate", T2V, *words, status=7).stderr
    assert "the task failed 002004095: the scripted engine was told to fail" in said


def test_tasks_are_listed_shown_watched_and_cancelled(running: Running) -> None:
    slow, waiting = (
        running.kirin.create(T2V, {"prompt": prompt, "external_task_id": f"cli {prompt}"}).id
        for prompt in ("crawl", "next")
    )
    listed = kirin(running, "tasks", "list", "--limit", "2").stdout
    assert slow in listed
    assert waiting in listed
    assert kirin(running, "tasks", "cancel", "cli crawl").stdout == f"cancelled {slow}\n"
    shown = json.loads(kirin(running, "tasks", "show", slow).stdout)
    assert shown == running.kirin.task(slow).to_dict()
    link = kirin(running, "tasks", "watch", "cli next").stdout.strip()
    assert link.startswith(running.server.base_url)
    assert "task_finished" in kirin(running, "tasks", "cancel", slow, status=6).stderr
    assert kirin(running, "tasks", "remove", "cli crawl").stdout == f"removed {slow}\n"
    assert slow not in kirin(running, "tasks", "list", "--limit", "2").stdout
    assert "unknown_task" in kirin(running, "tasks", "show", "nothing", status=8).stderr


def test_a_wrong_key(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    said = kirin(running, "tasks", "list", "--key", "k" * 16, status=4).stderr
    assert "invalid_api_key" in said


def test_a_private_server_for_one_video(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    assert kirin(None, "generate", T2V, "-p", "prompt=a tiny lake").stdout == "out.mp4\n"
    assert facts(tmp_path / "out.mp4").frame_count == 120
    assert [path.name for path in tmp_path.iterdir()] == ["out.mp4"]


def test_a_private_server_that_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIRIN_ENGINES", "sora")
    monkeypatch.chdir(tmp_path)
    said = kirin(None, "generate", T2V, "-p", "prompt=a lake", status=1).stderr
    assert "the server ended with status 1" in said


def test_a_batch_is_quoted_made_watched_and_saved(running: Running, tmp_path: Path) -> None:
    photo, batch, saved = (tmp_path / name for name in ("photo.png", "batch.json", "all.zip"))
    photo.write_bytes(flat_png(640, 360))
    request = {"model": I2V, "input": [{"params": {"image": f"@{photo}"}}]}
    vary = {"prompt": ["tiny", "tiny one", "fail"]}
    batch.write_text(json.dumps({"request": request, "vary": vary}))
    assert kirin(running, "batches", "quote", str(batch)).stdout.startswith("3 tasks: ")
    words = ("batches", "create", str(batch), "--idempotency-key", "trailer")
    id = kirin(running, *words).stdout.strip()
    assert kirin(running, *words).stdout.strip() == id
    said = kirin(running, "batches", "watch", id, status=7)
    assert said.stdout == "completed: 2 completed, 1 failed\n"
    assert id in kirin(running, "batches", "list").stdout
    words = ("batches", "save", id, "-o", str(saved))
    assert kirin(running, *words, status=7).stdout == f"{saved}\n"
    said = kirin(running, *words, "--json", status=7)
    told = json.loads(said.stdout)
    assert told["files"] == [str(saved)]
    assert told["batch"] == json.loads(kirin(running, "batches", "show", id).stdout)
    with zipfile.ZipFile(saved) as archive:
        names = [name for name in archive.namelist() if name.endswith(".mp4")]
        assert len(names) == 2
        for name in names:
            assert facts(Path(archive.extract(name, tmp_path))).frame_count == 150
    assert "batch_finished" in kirin(running, "batches", "cancel", id, status=6).stderr


def test_a_seed_gives_the_video_that_is_there(running: Running, tmp_path: Path) -> None:
    words = ["generate", T2V, "-p", "prompt=tiny seed", "--seed", "7", "--json"]
    first, again, anew = (
        json.loads(kirin(running, *words, *more, "-o", str(tmp_path / name)).stdout)["task"]
        for name, more in (("1.mp4", ()), ("2.mp4", ()), ("3.mp4", ("--cache", "no")))
    )
    assert [task["metadata"]["seed"] for task in (first, again, anew)] == [7, 7, 7]
    assert again["metadata"]["reused_from"] == first["id"]
    assert "reused_from" not in anew["metadata"]
    refused = kirin(running, *words[:-3], "--seed", "-1", status=6).stderr
    assert "seed" in refused
