"""Settings: from the environment, frozen, with plain words about what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from kirin.cli.environment import load_settings
from kirin.errors import KirinError
from kirin.settings import Settings


def test_nothing_needs_to_be_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    settings = Settings()
    assert settings.data_dir == tmp_path / "kirin"
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.engine_order == ("animatic",)
    assert settings.allowed_hosts == ()
    assert settings.max_body_bytes == 40_000_000
    assert settings.bootstrap_key is None
    assert settings.embedded
    assert settings.tables_url == f"sqlite:///{tmp_path}/kirin/kirin.db"
    assert settings.runs_url != settings.tables_url


def test_the_environment_sets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "DATA_DIR": "/srv/kirin",
        "PORT": "9000",
        "SLOTS": "4",
        "ENGINES": " scripted , animatic,",
        "ALLOW_HOSTS": "media.internal, 10.1.0.0/16",
        "PUBLIC_URL": "https://videos.example.com/",
        "BOOTSTRAP_KEY": "secret-secret-secret",
        "NO_SUCH_SETTING": "x",
    }.items():
        monkeypatch.setenv(f"KIRIN_{name}", value)
    settings = Settings()
    assert settings.data_dir == Path("/srv/kirin")
    assert (settings.port, settings.slots) == (9000, 4)
    assert settings.engine_order == ("scripted", "animatic")
    assert settings.allowed_hosts == ("media.internal", "10.1.0.0/16")
    assert settings.base_url == "https://videos.example.com"
    assert "secret-secret" not in repr(settings)


def test_one_setting_moves_all_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql://kirin:opensesame@db.internal/kirin"
    monkeypatch.setenv("KIRIN_DATABASE_URL", url)
    settings = Settings()
    assert not settings.embedded
    assert settings.tables_url == settings.runs_url == url
    assert "opensesame" not in repr(settings)


def test_they_are_frozen(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with pytest.raises(ValidationError):
        settings.port = 1


def test_options_of_a_command_win(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KIRIN_PORT", "9000")
    monkeypatch.setenv("KIRIN_HOST", "0.0.0.0")  # noqa: S104
    settings = load_settings(port=9001, host=None, data_dir=tmp_path)
    assert (settings.port, settings.host) == (9001, "0.0.0.0")  # noqa: S104


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "99999"),
        ("PORT", "http"),
        ("SLOTS", "0"),
        ("SLOTS", "65"),
        ("MAX_BODY_BYTES", "10"),
        ("PUBLIC_URL", "videos.example.com"),
        ("LOG_FORMAT", "xml"),
        ("MAX_ATTEMPTS", "0"),
        ("FETCH_SECONDS", "0"),
        ("DATABASE_URL", "mysql://host/name"),
        ("CACHE_BYTES", "-1"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"KIRIN_{name}", value)
    with pytest.raises(KirinError, match=f"^KIRIN_{name}: "):
        load_settings()


def test_every_setting_is_described() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name


def test_the_device_is_a_gpu_by_its_number_or_the_processor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert Settings().device == "cuda:0"
    for device in ("cuda:3", "cpu"):
        monkeypatch.setenv("KIRIN_DEVICE", device)
        assert Settings().device == device
    monkeypatch.setenv("KIRIN_DEVICE", "gpu 3")
    with pytest.raises(ValidationError, match="cuda"):
        Settings()
