"""The composition root: builds the rooms from the settings. Only the command line imports it."""

from __future__ import annotations

import secrets
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from anyio import CapacityLimiter
from fastapi import FastAPI
from sqlalchemy.exc import IntegrityError

from kirin.accounts import keys as api_keys
from kirin.accounts import store as accounts
from kirin.catalogue.registry import Catalogue, built_in
from kirin.clock import now_ms
from kirin.database.engine import Database
from kirin.elements.library import Library
from kirin.engines.animatic.engine import AnimaticEngine
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
from kirin.storage.files import FileStorage
from kirin.storage.links import Links
from kirin.submission import Submission
from kirin.tasks.queue import Queue, open_queue_database
from kirin.tasks.worker import Worker
from kirin.webhooks.deliver import Deliverer

THREADS = 16
"""Blocking work of the API process at a time; SQLite takes one writer at a time anyway."""

ENGINES: dict[str, type[Engine]] = {"animatic": AnimaticEngine, "scripted": ScriptedEngine}


@dataclass
class App:
    """The rooms of one process."""

    settings: Settings
    catalogue: Catalogue
    database: Database
    queue: Queue
    guard: Guard
    storage: FileStorage
    links: Links
    presenter: Presenter
    library: Library
    flow: Flow
    worker: Worker
    deliverer: Deliverer
    _resources: ExitStack

    @classmethod
    def open(cls, settings: Settings) -> App:
        """Build everything; makes and migrates the data folder where that is needed.

        Raises:
            KirinError: the settings name an engine that there is not.
        """
        engines = [engine(name) for name in settings.engine_order]
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        resources = ExitStack()
        database = Database(settings.database_url)
        resources.callback(database.close)
        database.migrate()
        queue_engine = open_queue_database(settings.queue_url)
        resources.callback(queue_engine.dispose)
        queue = Queue(queue_engine, settings.poll_seconds, settings.slots)
        resources.callback(queue.close)
        catalogue = built_in()
        guard = Guard(allow=settings.allowed_hosts)
        storage = FileStorage(settings.data_dir / "storage")
        links = Links(signing_secret(settings.data_dir / "signing.key"), settings.link_seconds)
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
            production=Production(storage=storage, intake=intake, router=router),
            present=partial(presenter.task, base_url=settings.base_url),
            max_attempts=settings.max_attempts,
        )
        worker = Worker(
            database=database,
            queue=queue,
            queue_engine=queue_engine,
            locks=settings.data_dir / "workers",
            run=flow.run,
            now=now_ms,
        )
        deliverer = Deliverer(database, guard.client, accounts.webhook_secret, now_ms)
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

    def http(self) -> FastAPI:
        """The HTTP application."""
        return create_http(
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
            )
        )

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
            with self.database.read() as connection:
                known = accounts.has_keys(connection)
            return None if known else accounts.create_key(self.database, "first key", now_ms())
        secret = wanted.get_secret_value()
        if not api_keys.acceptable(secret):
            raise KirinError(
                "KIRIN_BOOTSTRAP_KEY is no usable key: it takes 16 to 128 letters, digits and "
                "any of -._~ (and a right checksum where it starts with kirin_sk_)"
            )
        with self.database.write() as connection:
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


def engine(name: str) -> Engine:
    """The engine of that name.

    Raises:
        KirinError: there is none.
    """
    if name not in ENGINES:
        raise KirinError(f"KIRIN_ENGINES names {name!r}; there are {', '.join(ENGINES)}")
    return ENGINES[name]()


def signing_secret(path: Path) -> bytes:
    """The secret that signs result links, made on first use and kept beside the data."""
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_bytes(secrets.token_bytes(32))
        # A link fails where another process was faster; then its secret counts.
        with suppress(FileExistsError):
            path.hardlink_to(fresh)
        fresh.unlink()
    return path.read_bytes()
