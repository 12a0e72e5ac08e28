"""``kirin generate``: from words on a command line to parameters."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kirin.cli import app
from kirin.cli.values import parse
from kirin.errors import KirinError, UnknownModel
from support.cards import I2V, T2V
from support.pictures import flat_png, text


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    path.write_bytes(flat_png(300, 300))
    return path


@pytest.mark.parametrize(
    ("given", "name", "value"),
    [
        ("prompt=a lake", "prompt", "a lake"),
        ("prompt=a=b", "prompt", "a=b"),
        ("prompt=", "prompt", ""),
        ("prompt=5", "prompt", "5"),
        ('prompt={"a": 1}', "prompt", '{"a": 1}'),
        ("duration=10", "duration", "10"),
        ("cfg_scale=0.7", "cfg_scale", 0.7),
        ("cfg_scale=high", "cfg_scale", "high"),
        ('watermark_info={"enabled": true}', "watermark_info", {"enabled": True}),
        ('watermark_info=[{"enabled": false}]', "watermark_info", [{"enabled": False}]),
        ("watermark_info={enabled}", "watermark_info", "{enabled}"),
        ("colour=red", "colour", "red"),
    ],
)
def test_values_become_what_the_parameter_takes(given: str, name: str, value: Any) -> None:
    assert parse(T2V, given) == (name, value)


def test_a_file_for_a_picture_is_sent(photo: Path) -> None:
    assert parse(I2V, f"image=@{photo}") == ("image", text(photo.read_bytes()))


def test_a_file_for_a_text_is_its_content(tmp_path: Path) -> None:
    path = tmp_path / "prompt.txt"
    path.write_text("夜晚的城市", "utf-8")
    assert parse(T2V, f"prompt=@{path}") == ("prompt", "夜晚的城市")


def test_files_inside_of_json_are_sent(photo: Path) -> None:
    path = [{"x": 1, "y": 2}, {"x": 3, "y": 4}]
    given = json.dumps([{"mask": f"@{photo}", "trajectories": path}])
    _, masks = parse(I2V, f"dynamic_masks={given}")
    assert masks == [{"mask": text(photo.read_bytes()), "trajectories": path}]


@pytest.mark.parametrize("given", ["prompt", "=a lake", ""])
def test_what_is_no_pair(given: str) -> None:
    with pytest.raises(KirinError, match="NAME=VALUE"):
        parse(T2V, given)


def test_an_unknown_model() -> None:
    with pytest.raises(UnknownModel):
        parse("nothing", "prompt=a")


@pytest.mark.parametrize(
    ("words", "message", "status"),
    [
        (["-p", "image=@nowhere.png"], "nowhere.png", 9),
        (["-p", "image"], "NAME=VALUE", 2),
        (["-o", "no/such/folder/out.mp4"], "no/such/folder", 9),
        (["-o", "."], "is a folder", 9),
        (["-o", "file/out.mp4"], "no folder file", 9),
        (["--wait=no"], "--wait=no needs --server", 2),
    ],
)
def test_what_is_wrong_is_said_before_anything_starts(
    words: list[str], message: str, status: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    # No server is started: it would be called.
    monkeypatch.setattr(import_module("kirin.cli.connection"), "LocalServer", None)
    result = CliRunner().invoke(app, ["generate", I2V, *words])
    assert result.exit_code == status
    assert message in result.stderr
