"""Settings: frozen, and the only reader of the environment.

Each field is set by the environment variable ``KIRIN_`` + its name in capitals. A variable that is
empty or blank counts as unset.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from kirin.settings.lists import split_list
from kirin.settings.network import NetworkSettings

POSTGRESQL = ("postgresql://", "postgresql+psycopg://", "postgres://")
"""What the URL of a PostgreSQL database starts with."""


def default_data_dir() -> Path:
    """The user's data folder by the XDG specification, ``~/.local/share/kirin`` by default."""
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "kirin"


class Settings(NetworkSettings):
    """What an operator can set; see ``docs/settings.md``."""

    data_dir: Path = Field(
        default_factory=default_data_dir,
        description="Folder for the database, the inputs and the results.",
    )
    database_url: SecretStr | None = Field(
        None,
        description="PostgreSQL database (`postgresql://USER:PASSWORD@HOST/NAME`) for an API and "
        "workers on many machines; by default SQLite files in the data folder, for one machine.",
    )
    storage_url: str | None = Field(
        None,
        description="Bucket for inputs and results, `s3://BUCKET/PREFIX?endpoint=URL&region=NAME` "
        "(S3, or a server with its protocol; `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` are "
        "its credentials); by default they are stored in the data folder.",
    )
    cache_bytes: int = Field(
        10_000_000_000,
        ge=0,
        description="Size of each machine's local cache of a bucket; files in use may exceed it.",
    )
    bootstrap_key: SecretStr | None = Field(
        None, description="API key to create on start if it does not exist yet, for automation."
    )
    token_secret: SecretStr | None = Field(
        None,
        min_length=32,
        description="32 characters or more that nobody can guess; they let programs sign tokens "
        "with API keys in place of sending these, as clients of "
        "[Kling's API](dialects/kling.md) do. Keys that are made while it is set are stored "
        "encrypted with it, beside their hashes; without it only hashes are stored. All "
        "processes of an installation need the same.",
    )
    slots: int = Field(1, ge=1, le=64, description="Renders at the same time in one worker.")
    niceness: int = Field(
        10,
        ge=0,
        le=19,
        description="How far a worker stands back behind other processes of its machine, as "
        "`nice` counts: an API beside it answers while all cores render. 0 is not at all.",
    )
    warm_up: bool = Field(
        True,
        description="Whether a worker that has nothing to do yet renders a few tiny videos, so "
        "that the first task need not wait for imports and compilation.",
    )
    poll_seconds: float = Field(
        0.1, ge=0.01, le=10, description="How often an idle worker polls for new tasks, in seconds."
    )
    max_body_bytes: int = Field(
        40_000_000, ge=1024, description="Largest request body; a larger one gets 413."
    )
    body_seconds: float = Field(
        60, gt=0, description="Longest time that a request body may take to arrive."
    )
    upload_seconds: float = Field(
        600,
        gt=0,
        description="Longest time that a picture or video sent to `/model/v1/files` may take to "
        "arrive.",
    )
    upload_bytes: int = Field(
        2_000_000_000,
        ge=0,
        description="Total size of such files of an account. They are stored for as long as their "
        "links work (`KIRIN_LINK_SECONDS`).",
    )
    fetch_seconds: float = Field(
        60,
        gt=0,
        description="Longest time that the download of one picture or video may take, retries "
        "included.",
    )
    engines: str = Field(
        "animatic",
        description="Comma-separated engines, the preferred one first: `animatic`, `diffusion` "
        "(open weights on a GPU; `pip install 'kirin[gpu]'`), names of the engine file, or engines "
        "of installed [plugins](howto/add-an-engine.md). For the API: those of all workers; for a "
        "worker: its own.",
    )
    engine_file: Path | None = Field(
        None,
        description="TOML file of machines elsewhere that make videos, and of which model goes "
        "where; see [use another provider](howto/use-another-provider.md) and "
        "[use inference servers](howto/use-inference-servers.md).",
    )
    engine_rest_seconds: float = Field(
        30,
        ge=0,
        le=3600,
        description="How long an engine elsewhere that cannot be reached is tried last.",
    )
    allow_hosts: str = Field(
        "",
        description="Comma-separated hosts and networks that downloads and callbacks may reach "
        "although their addresses are private, such as `media.internal,10.1.0.0/16`.",
    )
    ca_file: Path | None = Field(
        None,
        description="PEM file of certificate authorities to trust in outgoing connections, in "
        "addition to the system's store and Mozilla's list: for downloads, callbacks and engines "
        "elsewhere.",
    )
    proxy: SecretStr | None = Field(
        None,
        description="HTTP proxy for downloads, callbacks and engines elsewhere, such as "
        "`http://USER:PASSWORD@proxy.internal:3128`; see [use a proxy]"
        "(howto/use-a-proxy.md). Hosts in `KIRIN_ALLOW_HOSTS` are connected to directly. "
        "`HTTPS_PROXY` and its like are not used.",
    )
    link_seconds: int = Field(86_400, ge=60, description="Least lifetime of a result link.")
    idempotency_hours: int = Field(
        24,
        ge=1,
        le=8760,
        description="How long an `Idempotency-Key` is answered with its first answer.",
    )
    event_hours: int = Field(
        24,
        ge=1,
        le=8760,
        description="How far back an event stream can be resumed by its `Last-Event-ID`.",
    )
    streams: int = Field(
        8,
        ge=1,
        le=1000,
        description="Event streams that an account may hold open on one API process.",
    )
    sync_seconds: float = Field(
        300,
        gt=0,
        le=3600,
        description="How long `POST /model/v1/generation/sync` waits at most for the end of its "
        "task, which goes on after that.",
    )
    webhook_rotation_hours: int = Field(
        24,
        ge=0,
        le=8760,
        description="How long webhooks are also signed with the previous secret after an account "
        "has generated a new one.",
    )
    result_days: int = Field(
        30,
        ge=0,
        le=36_500,
        description="Days after which a result expires: its file is removed and its link answers "
        "410. 0 stores results for good.",
    )
    input_days: int = Field(
        30,
        ge=0,
        le=36_500,
        description="Days after the end of a task for which its pictures and videos are stored, "
        "unless a subject or another task needs them. 0 stores inputs for good.",
    )
    record_days: int = Field(
        0,
        ge=0,
        le=36_500,
        description="Days after the end of a task for which its record is stored; then it is "
        "removed with its files and webhooks, and only the ledger and usage say what it cost. "
        "0 stores tasks for good.",
    )
    billing: str = Field(
        "free",
        pattern="^(free|prepaid)$",
        description="`free`: accounts pay nothing, and usage is recorded. `prepaid`: each task is "
        "paid from its account's balance, which `kirin accounts top-up` fills.",
    )
    price_file: Path | None = Field(
        None,
        description="TOML file of prices that replace those of the models; see "
        "[run a platform](howto/run-a-platform.md).",
    )
    stop_seconds: float = Field(
        5,
        ge=0,
        description="How long a worker that shuts down lets tasks run; those that are not done by "
        "then continue after the next start.",
    )
    max_attempts: int = Field(
        3, ge=1, le=100, description="A task that has crashed its worker this often fails for good."
    )
    task_seconds: float = Field(
        3600,
        gt=0,
        description="Longest time that a worker may work on a task; one that takes longer fails.",
    )
    queue_seconds: float | None = Field(
        None,
        ge=1,
        description="Longest time that a task may wait for a worker to begin, paused or not; one "
        "that waits longer fails and costs nothing. By default tasks wait for ever.",
    )
    moderation_threshold: float = Field(
        0.8,
        ge=0,
        le=1,
        description="Score from which a picture is refused in tasks whose request asks for "
        "moderation, where a classifier is installed (`pip install 'kirin[moderation]'`); see "
        "[moderation](howto/moderate.md).",
    )
    metrics_token: SecretStr | None = Field(
        None,
        description="Bearer token for `/metrics`; without one, it answers requests of this machine "
        "only.",
    )
    log_level: str = Field(
        "INFO",
        pattern="^(DEBUG|INFO|WARNING|ERROR)$",
        description="DEBUG, INFO, WARNING or ERROR.",
    )
    log_format: str = Field(
        "auto",
        pattern="^(auto|json|console)$",
        description="Log lines as JSON or for people; `auto` is for people on a terminal, and "
        "JSON elsewhere.",
    )

    @model_validator(mode="before")
    @classmethod
    def _blank_is_unset(cls, given: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: value
            for name, value in given.items()
            if not (isinstance(value, str) and not value.strip())
        }

    @field_validator("log_level", mode="before")
    @classmethod
    def _capitals(cls, level: object) -> object:
        return level.upper() if isinstance(level, str) else level

    @field_validator("proxy")
    @classmethod
    def _http_proxy(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None:
            try:
                parts = urlsplit(url.get_secret_value())
                usable = parts.scheme in ("http", "https") and bool(parts.hostname)
                _ = parts.port
            except ValueError:
                usable = False
            if not usable:
                raise ValueError("it takes the URL of an HTTP proxy, such as http://HOST:3128")
        return url

    @model_validator(mode="after")
    def _own_data_stays_own(self) -> Self:
        own = self.data_dir.expanduser().resolve()
        for folder in self.input_folders:
            real = folder.resolve()
            if real.is_relative_to(own) or own.is_relative_to(real):
                raise ValueError(
                    f"KIRIN_INPUT_DIRS: {folder} has the data folder in it, or is in it: everybody "
                    "could read the files of everybody"
                )
        return self

    @field_validator("database_url")
    @classmethod
    def _postgresql(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not url.get_secret_value().startswith(POSTGRESQL):
            raise ValueError("it takes postgresql://USER:PASSWORD@HOST/NAME")
        return url

    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        """``allow_hosts``, taken apart."""
        return split_list(self.allow_hosts)

    @property
    def engine_order(self) -> tuple[str, ...]:
        """``engines``, taken apart."""
        return split_list(self.engines)

    @property
    def embedded(self) -> bool:
        """Whether the database is SQLite files in the data folder."""
        return self.database_url is None

    @property
    def network_dir(self) -> Path:
        """Folder of the optional networks, see :mod:`kirin.vision.networks`."""
        return self.data_dir / "networks"

    @property
    def tables_url(self) -> str:
        """URL of the database that has our own tables."""
        return self._url("kirin.db")

    @property
    def runs_url(self) -> str:
        """URL of the database that has DBOS's tables, see :mod:`kirin.tasks.runs`.

        On SQLite a file of its own, so that its writes and ours do not wait for each other.
        """
        return self._url("queue.db")

    def _url(self, file: str) -> str:
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        from sqlalchemy import URL  # noqa: PLC0415  slow, and most commands need none

        url = URL.create("sqlite", database=str(self.data_dir / file))
        return url.render_as_string(hide_password=False)
