"""The catalogue, storage, liveness and retention that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kirin.catalogue.registry import Catalogue, installed
from kirin.database.engine import Database
from kirin.settings import Settings
from kirin.storage.base import Storage

if TYPE_CHECKING:
    from kirin.orchestration.garbage_collection import RetentionPeriods
    from kirin.tasks.liveness import Liveness

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS

PATIENT_SECONDS = 180.0
"""For how long commands that go through many files retry requests to a bucket: as long as a
restart of it takes, since they would have to begin anew."""


def periods(settings: Settings) -> RetentionPeriods:
    """How long things are kept."""
    from kirin.orchestration.garbage_collection import RetentionPeriods

    return RetentionPeriods(
        results=settings.result_days * DAY_MS or None,
        inputs=settings.input_days * DAY_MS or None,
        idempotency=settings.idempotency_hours * HOUR_MS,
        events=settings.event_hours * HOUR_MS,
        records=settings.record_days * DAY_MS or None,
    )


def open_catalogue(settings: Settings) -> Catalogue:
    """The models, with the operator's own prices if there are any.

    Raises:
        KirinError: the price file is wrong, or the card of a plug-in; the message says where.
    """
    from kirin.catalogue.price_file import with_prices

    if settings.price_file is None:
        return installed()
    return with_prices(installed(), settings.price_file)


def open_storage(settings: Settings, retry_seconds: float | None = None) -> Storage:
    """Where bytes are kept: a bucket if one is set, or else the data folder.

    Args:
        settings: all that can be set.
        retry_seconds: for how long requests to a bucket that does not answer are retried; by
            default as long as a client waits for an answer.

    Raises:
        KirinError: the bucket's URL is of no form that is known.
    """
    from kirin.storage.cache import Cache
    from kirin.storage.files import FileStorage
    from kirin.storage.objects import RETRY_SECONDS, ObjectStorage

    if settings.storage_url is None:
        return FileStorage(settings.data_dir / "storage")
    cache = Cache(settings.data_dir / "cache", settings.cache_bytes)
    seconds = RETRY_SECONDS if retry_seconds is None else retry_seconds
    return ObjectStorage(settings.storage_url, cache, seconds)


def liveness(settings: Settings, database: Database) -> Liveness:
    """How workers detect dead ones: by locked files on one machine, by PostgreSQL on many."""
    from kirin.tasks.file_liveness import FileLiveness
    from kirin.tasks.postgresql_liveness import PostgresqlLiveness

    if settings.embedded:
        return FileLiveness(settings.data_dir / "workers")
    return PostgresqlLiveness(database)
