"""Settings: frozen, and the only reader of the environment.

Each field is set by the environment variable ``KIRIN_`` + its name in capitals.
"""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import AnyHttpUrl, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


def default_data_dir() -> Path:
    """The XDG data folder of the user: ``~/.local/share/kirin`` unless the desktop says else."""
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "kirin"


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


class Settings(BaseSettings):
    """What an operator can set; see ``docs/settings.md``."""

    model_config = SettingsConfigDict(env_prefix="KIRIN_", frozen=True, extra="ignore")

    data_dir: Path = Field(
        default_factory=default_data_dir,
        description="Folder for the database, the inputs and the results.",
    )
    host: str = Field("127.0.0.1", description="Address that the API listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port of the API; 0 takes a free one.")
    public_url: AnyHttpUrl | None = Field(
        None,
        description="Base URL under which clients reach the server, when it stands behind a "
        "proxy; result links start with it. Otherwise each request's own Host header counts.",
    )
    bootstrap_key: SecretStr | None = Field(
        None, description="API key to create on start if it is not there yet, for automation."
    )
    slots: int = Field(1, ge=1, le=64, description="Renders at the same time in one worker.")
    poll_seconds: float = Field(
        0.1, ge=0.01, le=10, description="How often an idle worker looks for new tasks."
    )
    max_body_bytes: int = Field(
        40_000_000, ge=1024, description="Largest request body; a larger one gets 413."
    )
    body_seconds: float = Field(
        60, gt=0, description="Longest time that a request body may take to arrive."
    )
    fetch_seconds: float = Field(
        60, gt=0, description="Longest time that the download of one picture or video may take."
    )
    engines: str = Field(
        "animatic",
        description="Comma-separated engines, the preferred one first: `animatic`, or `scripted`, "
        "which draws grey frames for tests.",
    )
    allow_hosts: str = Field(
        "",
        description="Comma-separated hosts and networks that downloads and callbacks may reach "
        "although their addresses are private, such as `media.internal,10.1.0.0/16`.",
    )
    link_seconds: int = Field(
        86_400, ge=60, description="How long a result link works at least after it was given out."
    )
    stop_seconds: float = Field(
        5,
        ge=0,
        description="How long a worker that goes down lets running tasks go on; what "
        "is not done then goes on after the next start.",
    )
    max_attempts: int = Field(
        3, ge=1, le=100, description="A task that ends its worker this often fails for good."
    )
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    log_format: str = Field(
        "auto",
        pattern="^(auto|json|console)$",
        description="Log lines as JSON or for people; auto asks whether a terminal listens.",
    )

    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        """``allow_hosts``, taken apart."""
        return _split(self.allow_hosts)

    @property
    def engine_order(self) -> tuple[str, ...]:
        """``engines``, taken apart."""
        return _split(self.engines)

    @property
    def base_url(self) -> str:
        """Where this server is reached as far as it can tell, without a slash at the end."""
        return str(self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def database_url(self) -> str:
        """SQLAlchemy URL of our own tables."""
        return f"sqlite:///{self.data_dir / 'kirin.db'}"

    @property
    def queue_url(self) -> str:
        """SQLAlchemy URL of the task engine's tables.

        A file of its own: the engine polls, and its writes need not wait for ours.
        """
        return f"sqlite:///{self.data_dir / 'queue.db'}"
