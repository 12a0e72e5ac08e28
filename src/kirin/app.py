"""The composition root: builds the rooms from the settings. Only the command line imports it."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from anyio import CapacityLimiter
from fastapi import FastAPI
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from kirin.accounts import keys as api_keys
from kirin.accounts import signing
from kirin.accounts import store as accounts
from kirin.accounts.billing import Billing
from kirin.catalogue.registry import Catalogue, built_in
from kirin.clock import now_ms
from kirin.console.routes import console_routes
from kirin.console.welcome import Welcome
from kirin.database import schema
from kirin.database.engine import Database, open_engine
from kirin.database.secrets import installation_secret
from kirin.elements.library import Library
from kirin.engines.animatic.engine import AnimaticEngine
from kirin.engines.animatic.portrait import Portraitist
from kirin.engines.base import Engine
from kirin.engines.router import Router
from kirin.engines.scripted import ScriptedEngine
from kirin.errors import KirinError
from kirin.flow import Flow
from kirin.http.auth import Authenticator
from kirin.http.protocols.kirin import Presenter
from kirin.http.rooms import Rooms
from kirin.http.server import create_http
from kirin.media.guard import Guard
from kirin.media.intake import Intake
from kirin.production import Production
from kirin.settings import Settings
from kirin.storage.base import Storage
from kirin.storage.cache import Cache
from kirin.storage.files import FileStorage
from kirin.storage.links import Links
from kirin.storage.objects import ObjectStorage
from kirin.submission import Submission
from kirin.tasks.forecast import Forecaster
from kirin.tasks.liveness import FileLiveness, Liveness
from kirin.tasks.queue import Queue, migrate_queue
from kirin.tasks.sessions import SessionLiveness
from kirin.tasks.worker import Worker
from kirin.webhooks.deliver import Deliverer

THREADS = 16
"""Blocking work of the API process at a time; SQLite takes one writer at a time anyway."""

HOUR_MS = 3_600_000

SIGNING = "result links"
"""Name of the secret that signs result links."""

FIRST_KEY = "first key"
"""Purpose of a transaction in which a new installation gets its key."""

ENGINES: dict[str, type[Engine]] = {"animatic": AnimaticEngine, "scripted": ScriptedEngine}


@dataclass
class App:
    """The rooms of one process."""

    settings: Settings
    catalogue: Catalogue
    database: Database
    queue: Queue
    guard: Guard
    storage: Storage
    links: Links
    presenter: Presenter
    library: Library
    flow: Flow
    worker: Worker
    deliverer: Deliverer
    _resources: ExitStack

    @classmethod
    def open(cls, settings: Settings, *, migrates: bool = True) -> App:
        """Build everything; makes the data folder where that is needed.

        Args:
            settings: all that can be set.
            migrates: bring the tables up to date; otherwise they must be.

        Raises:
            KirinError: the settings name an engine that there is not, or the tables are not up
                to date.
        """
        with ExitStack() as resources:
            opened = cls._open(settings, migrates, resources)
            opened._resources = resources.pop_all()
        return opened

    @classmethod
    def _open(cls, settings: Settings, migrates: bool, resources: ExitStack) -> App:
        engines = [engine(name) for name in settings.engine_order]
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if migrates:
            migrate(settings)
        database = Database(settings.tables_url)
        resources.callback(database.close)
        schema.check(database)
        queue_engine = open_engine(settings.queue_url)
        resources.callback(queue_engine.dispose)
        queue = Queue(queue_engine)
        resources.callback(queue.close)
        catalogue = built_in()
        guard = Guard(allow=settings.allowed_hosts)
        storage = open_storage(settings)
        links = Links(installation_secret(database, SIGNING), settings.link_seconds)
        presenter = Presenter(links)
        intake = Intake(guard, settings.fetch_seconds)
        library = Library(database)
        router = Router(engines)
        flow = Flow(
            catalogue=catalogue,
            database=database,
            queue=queue,
            storage=storage,
            submission=Submission(intake=intake, library=library, router=router),
            production=Production(
                storage=storage, intake=intake, router=router, portraitist=Portraitist()
            ),
            billing=Billing(prepaid=settings.billing == "prepaid"),
            present=partial(presenter.task, base_url=settings.base_url),
            max_attempts=settings.max_attempts,
            idempotency_ms=settings.idempotency_hours * HOUR_MS,
        )
        worker = Worker(
            database=database,
            queue=queue,
            queue_engine=queue_engine,
            liveness=liveness(settings, database),
            engines=settings.engine_order,
            slots=settings.slots,
            poll_seconds=settings.poll_seconds,
            run=flow.run,
            now=now_ms,
        )
        deliverer = Deliverer(database, guard.client, signing_secrets, now_ms)
        return cls(
            settings=settings,
            catalogue=catalogue,
            database=database,
            queue=queue,
            guard=guard,
            storage=storage,
            links=links,
            presenter=presenter,
            library=library,
            flow=flow,
            worker=worker,
            deliverer=deliverer,
            _resources=resources,
        )

    def http(self, welcome: Welcome | None = None) -> FastAPI:
        """The HTTP application, with the console.

        Args:
            welcome: the first key of a new installation, for the first browser.
        """
        http = create_http(
            Rooms(
                flow=self.flow,
                library=self.library,
                catalogue=self.catalogue,
                authenticator=Authenticator(self.database),
                presenter=self.presenter,
                storage=self.storage,
                links=self.links,
                public_url=str(self.settings.public_url) if self.settings.public_url else None,
                max_body_bytes=self.settings.max_body_bytes,
                body_seconds=self.settings.body_seconds,
                threads=CapacityLimiter(THREADS),
                database=self.database,
                remote_database=self.database.remote,
                forecaster=Forecaster(self.database, now_ms),
                rotation_hours=self.settings.webhook_rotation_hours,
                streams=self.settings.streams,
            )
        )
        http.include_router(console_routes(welcome))
        return http

    def first_key(self) -> str | None:
        """Make the first key of a new installation, or the one that the settings ask for.

        Returns:
            A key that is to be shown, or ``None`` where there are keys already or the settings
            name one.

        Raises:
            KirinError: the key of the settings is none, or was revoked.
        """
        wanted = self.settings.bootstrap_key
        if wanted is None:
            with self.database.write_alone(FIRST_KEY) as connection:
                if accounts.has_keys(connection):
                    return None
                return accounts.create_key(connection, "first key", now_ms())
        secret = wanted.get_secret_value()
        if not api_keys.acceptable(secret):
            raise KirinError(
                "KIRIN_BOOTSTRAP_KEY is no usable key: it takes 16 to 128 letters, digits and "
                "any of -._~ (and a right checksum where it starts with kirin_sk_)"
            )
        with self.database.write_alone(FIRST_KEY) as connection:
            if accounts.account_of(connection, secret) is None:
                account = accounts.ensure_account(connection, accounts.DEFAULT_ACCOUNT, now_ms())
                try:
                    accounts.add_key(connection, account, "bootstrap", secret, now_ms())
                except IntegrityError:
                    raise KirinError(
                        "KIRIN_BOOTSTRAP_KEY is a key that was revoked: set another"
                    ) from None
        return None

    def close(self) -> None:
        """Close databases and connections."""
        self._resources.close()


def signing_secrets(connection: Connection, account: str, now: int) -> tuple[str, ...]:
    """What an account's webhooks are signed with."""
    return signing.secrets_of(connection, account, now).all


def engine(name: str) -> Engine:
    """The engine of that name.

    Raises:
        KirinError: there is none.
    """
    if name not in ENGINES:
        raise KirinError(f"KIRIN_ENGINES names {name!r}; there are {', '.join(ENGINES)}")
    return ENGINES[name]()


def migrate(settings: Settings) -> None:
    """Bring our own tables and the task engine's to the newest shape."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(settings.tables_url)
    try:
        schema.migrate(database)
    finally:
        database.close()
    migrate_queue(settings.queue_url)


def open_storage(settings: Settings) -> Storage:
    """Where bytes are kept: a bucket if one is set, or else the data folder.

    Raises:
        KirinError: the bucket's URL is of no form that is known.
    """
    if settings.storage_url is None:
        return FileStorage(settings.data_dir / "storage")
    cache = Cache(settings.data_dir / "cache", settings.cache_bytes)
    return ObjectStorage(settings.storage_url, cache)


def liveness(settings: Settings, database: Database) -> Liveness:
    """How workers tell who is alive: by files on one machine, by sessions on many."""
    if settings.embedded:
        return FileLiveness(settings.data_dir / "workers")
    return SessionLiveness(database)
