"""Where a server may listen: what is open to other machines is said, and asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kirin.cli import app
from kirin.cli.listening import check_exposure, listening
from kirin.errors import KirinError
from kirin.settings import Settings

EVERYWHERE = "0.0.0.0"  # noqa: S104 - what the tests are about


def settings(tmp_path: Path, host: str, **more: Any) -> Settings:
    return Settings(data_dir=tmp_path, host=host, **more)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.1", "::1", "localhost", "LOCALHOST"])
def test_this_machine_alone_needs_nothing(
    tmp_path: Path, host: str, capsys: pytest.CaptureFixture[str]
) -> None:
    check_exposure(settings(tmp_path, host))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("host", [EVERYWHERE, "::", "192.0.2.7", "videos.internal"])
def test_a_free_server_is_not_opened_by_accident(tmp_path: Path, host: str) -> None:
    with pytest.raises(KirinError, match="--open") as caught:
        check_exposure(settings(tmp_path, host))
    assert host in caught.value.message
    assert "KIRIN_CATALOGUE_KEY" in caught.value.message


def test_nothing_listens_before_that_is_settled(tmp_path: Path) -> None:
    with (
        pytest.raises(KirinError, match="--open"),
        listening(settings(tmp_path, EVERYWHERE, port=0)),
    ):
        pytest.fail("it listens")


@pytest.mark.parametrize(
    ("more", "said", "unsaid"),
    [
        ({"open": True}, ("catalogue", "cost nothing", "HTTPS"), ()),
        ({"catalogue_key": True}, ("cost nothing", "HTTPS"), ("catalogue",)),
        ({"billing": "prepaid"}, ("catalogue", "HTTPS"), ("cost nothing",)),
        ({"open": True, "public_url": "http://a.example"}, ("HTTPS",), ()),
        ({"open": True, "public_url": "https://a.example"}, ("cost nothing",), ("HTTPS",)),
    ],
)
def test_what_is_open_is_told(
    tmp_path: Path,
    more: dict[str, Any],
    said: tuple[str, ...],
    unsaid: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
) -> None:
    check_exposure(settings(tmp_path, EVERYWHERE, **more))
    warning = capsys.readouterr().err
    assert warning.startswith("warning 0.0.0.0 can be reached from other machines")
    assert all(word in warning for word in said), warning
    assert not any(word in warning for word in unsaid), warning


def test_a_closed_server_behind_https_has_nothing_to_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = {"billing": "prepaid", "catalogue_key": True, "public_url": "https://a.example"}
    check_exposure(settings(tmp_path, EVERYWHERE, **more))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("command", ["serve", "api"])
def test_the_commands_refuse(tmp_path: Path, command: str) -> None:
    words = [command, "--host", EVERYWHERE, "--port", "0", "--data", str(tmp_path / "data")]
    result = CliRunner().invoke(app, words)
    assert result.exit_code != 0
    assert "--open" in result.stderr
    assert not (tmp_path / "data").exists()
