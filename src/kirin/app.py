"""The composition root: builds the rooms from the settings. Only the command line imports it.

What not every process needs is imported where it is built: a worker serves no HTTP, and
`kirin migrate` runs no tasks.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from kirin.accounts import administration, signing
from kirin.accounts import store as accounts
from kirin.catalogue.registry import Catalogue
from kirin.clock import now_ms
from kirin.composition.migration import migrate_tables
from kirin.composition.resources import (
    HOUR_MS,
    liveness,
    open_catalogue,
    open_storage,
    periods,
)
from kirin.composition.startup import check_bootstrap_key
from kirin.database import schema
from kirin.database.engine import Database
from kirin.database.secrets import installation_secret
from kirin.domain.assets import Asset
from kirin.domain.callbacks import LinkAsset
from kirin.errors import KirinError
from kirin.settings import Settings
from kirin.storage.base import Storage
from kirin.storage.keys import input_key
from kirin.storage.links import Links
from kirin.storage.reference_aware import ReferenceAwareStorage

if TYPE_CHECKING:
    from fastapi import FastAPI

    from kirin.accounts.sealing import KeySealer
    from kirin.console.welcome import Welcome
    from kirin.engines.router import Router
    from kirin.http.dialects.callbacks import Callbacks
    from kirin.http.protocols.kirin import Presenter
    from kirin.media.egress import EgressPolicy
    from kirin.orchestration.garbage_collection import GarbageCollector
    from kirin.orchestration.task_executor import TaskExecutor
    from kirin.orchestration.task_service import TaskService
    from kirin.orchestration.uploads import Uploads
    from kirin.subjects.library import Library
    from kirin.tasks.worker import Worker
    from kirin.webhooks.deliver import Deliverer

THREADS = 16
"""Blocking work of the API process at a time; SQLite takes one writer at a time anyway."""

SIGNING = "result links"
"""Name of the secret that signs result links."""

FIRST_KEY = "first key"
"""Purpose of a transaction in which a new installation gets its key."""

PRICES = "prices"
"""Purpose of a transaction in which the prices are written down."""


@dataclass
class App:
    """The rooms of one process."""

    settings: Settings
    catalogue: Catalogue
    database: Database
    egress: EgressPolicy
    storage: Storage
    links: Links
    router: Router
    presenter: Presenter
    callbacks: Callbacks
    library: Library
    uploads: Uploads
    tasks: TaskService
    executor: TaskExecutor
    worker: Worker
    deliverer: Deliverer
    garbage_collector: GarbageCollector
    _resources: ExitStack

    @classmethod
    def open(cls, settings: Settings, *, migrates: bool = True) -> App:
        """Build everything; makes the data folder where that is needed.

        Args:
            settings: all that can be set.
            migrates: bring our own tables up to date; otherwise they must be.

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
        from kirin.accounts.billing import Billing
        from kirin.composition.admission import AdmissionRooms, open_admission
        from kirin.composition.engines import open_outgoing, open_router
        from kirin.composition.moderation import open_moderation
        from kirin.http.dialects.callbacks import CallbackDependencies, Callbacks
        from kirin.http.protocols.batches import batch_json
        from kirin.http.protocols.kirin import Presenter
        from kirin.media.egress import EgressPolicy
        from kirin.media.ingest import MediaIngest
        from kirin.media.local_files import LocalFiles
        from kirin.orchestration.garbage_collection import GarbageCollector, clear_tombstone
        from kirin.orchestration.queue_expiry import QueueExpiry
        from kirin.orchestration.task_executor import TaskExecutor
        from kirin.orchestration.task_runner import TaskRunner
        from kirin.orchestration.task_service import TaskService
        from kirin.orchestration.transitions import Transitions
        from kirin.orchestration.uploads import Uploads
        from kirin.subjects.faces import FaceFinder
        from kirin.subjects.library import Library
        from kirin.subjects.portrait import PortraitMaker
        from kirin.tasks.runs import Runs
        from kirin.tasks.worker import Worker
        from kirin.webhooks.deliver import TIMEOUT_SECONDS, Deliverer

        router = open_router(settings)
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if migrates:
            migrate_tables(settings)
        database = Database(settings.tables_url)
        resources.callback(database.close)
        schema.check(database)
        runs = Runs(settings.runs_url)
        resources.callback(runs.close)
        catalogue = open_catalogue(settings)
        egress = EgressPolicy(settings.allowed_hosts, outgoing=open_outgoing(settings))
        storage = ReferenceAwareStorage(open_storage(settings), partial(clear_tombstone, database))
        links = Links(installation_secret(database, SIGNING), settings.link_seconds)
        presenter = Presenter(links)
        billing = Billing(prepaid=settings.billing == "prepaid")
        ingest = MediaIngest(egress, settings.fetch_seconds)
        library = Library(database)
        uploads = Uploads(database, storage, ingest, links, settings.upload_bytes)
        callbacks = Callbacks(
            CallbackDependencies(
                catalogue=catalogue,
                presenter=presenter,
                links=links,
                base_url=settings.base_url,
                result_ms=periods(settings).results,
            )
        )
        serialise = partial(presenter.task, base_url=settings.base_url)
        transitions = Transitions(billing, serialise, batch_json, callbacks)
        moderation = open_moderation(settings)
        admission = open_admission(
            settings,
            AdmissionRooms(
                catalogue=catalogue,
                database=database,
                storage=storage,
                links=links,
                ingest=ingest,
                local=LocalFiles(settings.input_folders),
                uploads=uploads,
                library=library,
                router=router,
                transitions=transitions,
                moderation=moderation,
            ),
        )
        tasks = TaskService(
            catalogue=catalogue,
            database=database,
            storage=storage,
            billing=billing,
            transitions=transitions,
            admission=admission,
            idempotency_ms=settings.idempotency_hours * HOUR_MS,
        )
        executor = TaskExecutor(
            catalogue=catalogue,
            database=database,
            storage=storage,
            runner=TaskRunner(
                storage=storage,
                ingest=ingest,
                router=router,
                portraits=PortraitMaker(),
                faces=FaceFinder(),
                moderation=moderation,
                local=admission.validator.inputs.local,
                link=input_links(settings, links),
            ),
            transitions=transitions,
            max_attempts=settings.max_attempts,
            task_seconds=settings.task_seconds,
        )
        worker = Worker(
            database=database,
            runs=runs,
            liveness=liveness(settings, database),
            engines=settings.engine_order,
            slots=settings.slots,
            poll_seconds=settings.poll_seconds,
            run=executor.execute,
            now=now_ms,
            expire=QueueExpiry(database, transitions, settings.queue_seconds, now_ms).expire,
        )
        deliverer = Deliverer(
            database,
            partial(egress.client, total_seconds=TIMEOUT_SECONDS),
            signing_secrets,
            callbacks.renewed,
            now_ms,
        )
        return cls(
            settings=settings,
            catalogue=catalogue,
            database=database,
            egress=egress,
            storage=storage,
            links=links,
            router=router,
            presenter=presenter,
            callbacks=callbacks,
            library=library,
            uploads=uploads,
            tasks=tasks,
            executor=executor,
            worker=worker,
            deliverer=deliverer,
            garbage_collector=GarbageCollector(
                database, storage, periods(settings), now_ms, runs.delete
            ),
            _resources=resources,
        )

    def http(self, welcome: Welcome | None = None) -> FastAPI:
        """The HTTP application, with the console.

        Args:
            welcome: the first key of a new installation, for the first browser.
        """
        from kirin.composition.examination import checks_of
        from kirin.composition.shown_settings import shown
        from kirin.console.routes import add_unknown_page, console_routes
        from kirin.http.dialects.registry import chosen, speaks_mcp
        from kirin.http.server import HttpOptions, Services, create_http
        from kirin.mcp.endpoint import add_endpoint

        settings = self.settings
        services = Services(
            catalogue=self.catalogue,
            database=self.database,
            storage=self.storage,
            links=self.links,
            presenter=self.presenter,
            tasks=self.tasks,
            uploads=self.uploads,
            library=self.library,
            sealer=self.sealer(),
        )
        token = settings.metrics_token
        options = HttpOptions(
            public_url=str(settings.public_url) if settings.public_url else None,
            max_body_bytes=settings.max_body_bytes,
            body_seconds=settings.body_seconds,
            upload_seconds=settings.upload_seconds,
            threads=THREADS,
            rotation_hours=settings.webhook_rotation_hours,
            max_streams=settings.streams,
            sync_seconds=settings.sync_seconds,
            cors_origins=settings.cors,
            metrics_token=token.get_secret_value() if token else None,
            data_dir=settings.data_dir,
            settings=shown(settings),
            checks=checks_of(settings),
            dialects=chosen(settings.spoken_dialects),
            result_ms=periods(settings).results,
            catalogue_key=settings.catalogue_key,
        )
        http = create_http(services, options)
        http.include_router(console_routes(welcome))
        add_unknown_page(http)
        if speaks_mcp(settings.spoken_dialects):
            add_endpoint(http, self.database, options)
        return http

    def sealer(self) -> KeySealer | None:
        """What encrypts secrets of keys; ``None`` where the operator wants none to be stored."""
        from kirin.composition.keys import sealer_of

        return sealer_of(self.database, self.settings)

    def first_key(self) -> str | None:
        """Make the first key of a new installation, or the one that the settings ask for.

        Returns:
            A key to be shown, or ``None`` if there are keys already or the settings name one.

        Raises:
            KirinError: the key of the settings is malformed, or was revoked.
        """
        wanted, sealer = self.settings.bootstrap_key, self.sealer()
        if wanted is None:
            with self.database.write_alone(FIRST_KEY) as connection:
                if accounts.has_keys(connection):
                    return None
                return self._default_key(connection, "first key", sealer)
        check_bootstrap_key(self.settings)
        secret = wanted.get_secret_value()
        with self.database.write_alone(FIRST_KEY) as connection:
            if accounts.account_of(connection, secret) is None:
                try:
                    self._default_key(connection, "bootstrap", sealer, secret)
                except IntegrityError:
                    raise KirinError(
                        "KIRIN_BOOTSTRAP_KEY is a key that was revoked: set another"
                    ) from None
        return None

    def _default_key(
        self,
        connection: Connection,
        name: str,
        sealer: KeySealer | None,
        secret: str | None = None,
    ) -> str:
        now = now_ms()
        accounts.ensure_account(connection, accounts.DEFAULT_ACCOUNT, now)
        owner = administration.account(connection, accounts.DEFAULT_ACCOUNT)
        _, secret = administration.create_key(
            connection,
            administration.SERVER,
            owner,
            name,
            now,
            secret=secret,
            sealer=sealer,
        )
        return secret

    def record_prices(self) -> None:
        """Write into the audit what the models cost from now on, where that is new."""
        prices = {card.id: card.price.told() for card in self.catalogue}
        with self.database.write_alone(PRICES) as connection:
            administration.note_prices(connection, administration.SERVER, prices, now_ms())

    def close(self) -> None:
        """Close databases and connections."""
        self._resources.close()


def signing_secrets(connection: Connection, account: str, now: int) -> tuple[str, ...]:
    """What an account's webhooks are signed with."""
    return signing.secrets_of(connection, account, now).all


def input_links(settings: Settings, links: Links) -> LinkAsset | None:
    """How machines elsewhere read inputs of ours; ``None`` if they cannot reach this server."""
    if settings.public_url is None:
        return None

    def link(asset: Asset) -> str:
        return links.url(settings.base_url, input_key(asset.sha256), time.time())

    return link
