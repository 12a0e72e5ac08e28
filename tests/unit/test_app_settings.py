"""What operators see of the settings."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr

from kirin.composition.shown_settings import HIDDEN, as_text, shown
from kirin.settings import Settings


def test_no_secret_is_shown(tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path,
        database_url=SecretStr("postgresql://kirin:hush@db/kirin"),
        metrics_token=SecretStr("hush"),
        bootstrap_key=SecretStr("hush"),
        proxy=SecretStr("http://me:hush@proxy:3128"),
        storage_url="s3://hush:hush@bucket/videos?secret=hush",
        public_url="https://me:hush@kirin.example/",
    )
    found = {each["name"]: each for each in shown(settings)}
    assert "hush" not in str(found)
    for name in ("DATABASE_URL", "METRICS_TOKEN", "BOOTSTRAP_KEY", "PROXY"):
        setting = found[f"KIRIN_{name}"]
        assert (setting["value"], setting["secret"], setting["changed"]) == (HIDDEN, True, True)


def test_values_are_shown_as_they_are_set(tmp_path: Path) -> None:
    found = {each["name"]: each for each in shown(Settings(data_dir=tmp_path, warm_up=False))}
    assert set(found) == {f"KIRIN_{name.upper()}" for name in Settings.model_fields}
    assert found["KIRIN_WARM_UP"]["value"] == "false"
    assert found["KIRIN_DATA_DIR"]["value"] == str(tmp_path)
    assert not found["KIRIN_PORT"]["changed"]
    assert as_text("media.internal,10.1.0.0/16") == "media.internal,10.1.0.0/16"
