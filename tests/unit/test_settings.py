"""Settings: from the environment, frozen, with plain words about what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from kirin.cli.environment import load_for_start, load_settings
from kirin.errors import KirinError
from kirin.settings import Settings, unknown_variables


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
        ("LOG_LEVEL", "loud"),
        ("PORT", "tcp://10.0.0.1:8000"),
        ("PROXY", "socks5://proxy.internal:1080"),
        ("PROXY", "proxy.internal:3128"),
        ("PROXY", "http://proxy.internal:port"),
        ("TRUSTED_PROXIES", "none, 10.0.0.1"),
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


@pytest.mark.parametrize("blank", ["", " ", "\t"])
def test_a_blank_variable_is_unset(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, blank: str
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    default = Settings()
    for name in Settings.model_fields:
        monkeypatch.setenv(f"KIRIN_{name.upper()}", blank)
    assert Settings() == default
    assert Settings().host == "127.0.0.1"
    assert load_settings(host=blank) == default


def test_nobody_is_trusted_when_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIRIN_TRUSTED_PROXIES", "none")
    assert Settings().trusted_proxies == ""


def test_all_that_is_wrong_is_said_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for name, value in {
        "PORT": "http",
        "SLOTS": "0",
        "PROT": "9000",
        "ENGINES": "animatic,nonsense",
        "BOOTSTRAP_KEY": "short",
        "STORAGE_URL": "ftp://host/path",
        "PRICE_FILE": str(tmp_path / "prices.toml"),
        "CA_FILE": str(tmp_path / "file"),
        "DATA_DIR": str(tmp_path / "file" / "data"),
    }.items():
        monkeypatch.setenv(f"KIRIN_{name}", value)
    with pytest.raises(KirinError) as refused:
        load_for_start()
    lines = [line.strip() for line in refused.value.message.splitlines()]
    for start in (
        "KIRIN_PORT: ",
        "KIRIN_SLOTS: ",
        "KIRIN_PROT is not a setting: did you mean KIRIN_PORT?",
        "KIRIN_ENGINES: unknown engine 'nonsense'",
        "KIRIN_BOOTSTRAP_KEY is not a usable key",
        "KIRIN_STORAGE_URL: ",
        "KIRIN_PRICE_FILE: ",
        "KIRIN_CA_FILE: ",
        "KIRIN_DATA_DIR: ",
    ):
        assert [line for line in lines if line.startswith(start)], start
    assert len(lines) == 9


def test_unknown_variables_are_named_with_the_nearest_setting() -> None:
    environment = {
        "KIRIN_PROT": "9000",
        "KIRIN_ENGINE": "animatic",
        "KIRIN_XYZZY": "1",
        "kirin_slot": "2",
        "KIRIN_PORT": "8000",
        "kirin_host": "127.0.0.1",
        "KIRIN_API_KEY": "key",
        "KIRIN_SERVER": "http://127.0.0.1:8000",
        "KIRIN_SERVICE_HOST": "10.0.0.1",
        "KIRIN_PORT_8000_TCP_ADDR": "10.0.0.1",
        "PATH": "/bin",
    }
    assert unknown_variables(Settings.model_fields, environment) == [
        "KIRIN_ENGINE is not a setting: did you mean KIRIN_ENGINES?",
        "KIRIN_PROT is not a setting: did you mean KIRIN_PORT?",
        "KIRIN_XYZZY is not a setting",
        "kirin_slot is not a setting: did you mean KIRIN_SLOTS?",
    ]


def test_an_unknown_variable_is_only_a_warning(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KIRIN_PROT", "9000")
    assert load_for_start(data_dir=tmp_path).port == 8000
    assert "KIRIN_PROT is not a setting: did you mean KIRIN_PORT?" in capsys.readouterr().err
    load_settings(data_dir=tmp_path)  # as a worker of `kirin serve`, which has said it
    assert capsys.readouterr().err == ""


def test_urls_of_an_ipv6_address() -> None:
    assert Settings(host="::1", port=9000).base_url == "http://[::1]:9000"


def test_a_proxys_password_is_secret() -> None:
    settings = Settings(proxy="http://me:opensesame@proxy.internal:3128")  # type: ignore[arg-type]
    assert "opensesame" not in repr(settings)
