"""The HTTP application: its routes, error handlers and middleware, put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

from fastapi import APIRouter, Depends, FastAPI, Response

from kirin.accounts.sealing import KeySealer
from kirin.catalogue.registry import Catalogue
from kirin.clock import now_ms
from kirin.database.engine import Database
from kirin.database.secrets import installation_secret
from kirin.http.accounts.dependencies import AccountDependencies
from kirin.http.accounts.routes import add_account_routes
from kirin.http.admin.dependencies import AdminDependencies
from kirin.http.admin.routes import add_admin_routes
from kirin.http.admin.settings_models import CheckJson, SettingJson
from kirin.http.authentication import Authenticator
from kirin.http.base_url import BaseUrl
from kirin.http.bodies import BodyLimits
from kirin.http.dialects.dialect import DialectDependencies, ServedDialect
from kirin.http.dialects.registry import DIALECTS, MCP, error_answers
from kirin.http.error_handlers import add_error_handlers
from kirin.http.files.downloads import add_download_routes
from kirin.http.files.uploads import UploadDependencies, UploadDesk, add_upload_routes
from kirin.http.middleware import CrossOrigin, PathNormalizer, RequestContext
from kirin.http.model_contracts import add_contract_routes
from kirin.http.model_skills import add_skill_routes
from kirin.http.models import add_model_routes
from kirin.http.native_routes import ROUTES
from kirin.http.openapi import dialect_openapi, openapi
from kirin.http.operations.health import HEALTH, METRICS, READY, add_health_routes
from kirin.http.operations.instrumentation import Instrumentation
from kirin.http.operations.metrics import Metrics
from kirin.http.protocols.kirin import Presenter
from kirin.http.queue import add_queue_routes
from kirin.http.responses import json_response
from kirin.http.route import Schema
from kirin.http.stream_tokens import SECRET, StreamTokens
from kirin.http.tasks.dependencies import TaskDependencies
from kirin.http.tasks.intake import Intake
from kirin.http.tasks.picture_desk import PictureDesk
from kirin.http.tasks.routes import add_task_routes
from kirin.http.tasks.share import Sharing
from kirin.http.tasks.waiting_room import WaitingRoom
from kirin.http.thread_pool import ThreadPool
from kirin.orchestration.task_service import TaskService
from kirin.orchestration.uploads import Uploads
from kirin.storage.base import Storage
from kirin.storage.links import Links
from kirin.subjects.library import Library
from kirin.tasks.forecast import Forecaster

OPENAPI = "/openapi.json"

REQUEST_HEADERS = [
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "If-Range",
    "If-Unmodified-Since",
    "Last-Event-ID",
    "Mcp-Method",
    "Mcp-Name",
    "Mcp-Protocol-Version",
    "Range",
    "Traceparent",
    "Tracestate",
    "X-Model",
    "X-Request-Id",
]
"""Headers that pages of other origins may send, where any may call."""

RESPONSE_HEADERS = [
    "Accept-Ranges",
    "Content-Disposition",
    "Content-Encoding",
    "Content-Length",
    "Content-Range",
    "ETag",
    "Idempotent-Replayed",
    "Last-Modified",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "Retry-After",
    "X-Request-Id",
]
"""Headers of answers that they may read."""


@dataclass(frozen=True, kw_only=True)
class Services:
    """What the application gives HTTP access to.

    Attributes:
        sealer: of secrets of keys, where these may sign tokens.
    """

    catalogue: Catalogue
    database: Database
    storage: Storage
    links: Links
    presenter: Presenter
    tasks: TaskService
    uploads: Uploads
    library: Library
    sealer: KeySealer | None = None


@dataclass(frozen=True, kw_only=True)
class HttpOptions:
    """What can be set about HTTP.

    Attributes:
        public_url: base URL of links in answers; ``None`` uses the one of each request.
        max_body_bytes, body_seconds: how large a JSON body may be, and how long it may take.
        upload_seconds: how long an uploaded file may take.
        threads: functions that may block at a time.
        rotation_hours: how long an earlier webhook secret signs beside a new one.
        max_streams: event streams that an account may hold open in this process.
        sync_seconds: how long a request waits at most for the end of its task.
        cors_origins: of web pages that may call the API from a browser.
        metrics_token: grants access to the metrics; without one, only this machine has it.
        dialects: other APIs that are served too.
        data_dir: the folder that the process keeps its files in.
        settings: what operators may see of what was set.
        checks: checks this machine, for operators.
        result_ms: how long results are kept after the end of a task; ``None`` is for good.
        catalogue_key: whether reading the catalogue takes a key.
    """

    public_url: str | None
    max_body_bytes: int
    body_seconds: float
    upload_seconds: float
    threads: int
    rotation_hours: int
    max_streams: int
    sync_seconds: float
    cors_origins: tuple[str, ...]
    metrics_token: str | None
    data_dir: Path
    settings: Sequence[SettingJson]
    checks: Callable[[], list[CheckJson]]
    dialects: tuple[ServedDialect, ...] = DIALECTS
    result_ms: int | None = None
    catalogue_key: bool = False


def create_http(services: Services, options: HttpOptions) -> FastAPI:
    """Create the application."""
    # The framework's document and pages are off: ours is made from the routes and the cards, and
    # its pages would load scripts from elsewhere. So is its telemetry, which would record messages
    # of errors, and these may quote what users wrote.
    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        title="Kirin",
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    spoken = dialects_of_routes(options.dialects)
    metrics = Metrics(services.database, now_ms, services.storage, spoken)
    _add_routes(app.router, services, options, metrics)
    answers = error_answers(options.dialects)
    add_error_handlers(app, answers)
    prefix = path_prefix(options.public_url, options.dialects)
    app.add_middleware(PathNormalizer, prefix=prefix)
    quiet = [HEALTH.path, READY.path, METRICS.path]
    app.add_middleware(RequestContext, answers=answers, quiet=quiet)
    app.add_middleware(Instrumentation, metrics=metrics)
    if options.cors_origins:
        # Keys come in a header that scripts must set: no cookies or other credentials.
        app.add_middleware(
            CrossOrigin,
            allow_origins=options.cors_origins,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=[
                *REQUEST_HEADERS,
                *(name for each in options.dialects for name in each.request_headers),
            ],
            expose_headers=[
                *RESPONSE_HEADERS,
                *(name for each in options.dialects for name in each.response_headers),
            ],
            max_age=600,
        )
    return app


def path_prefix(public_url: str | None, dialects: Sequence[ServedDialect] = ()) -> str:
    """The path of the public URL, as requests have it that a proxy passes on unchanged.

    It is empty where addresses of our own begin with the same segment: only a proxy that takes
    the prefix off can tell them apart.
    """
    prefix = unquote(urlsplit(public_url or "").path).rstrip("/")
    first = prefix.split("/")[1] if prefix else ""
    routes = (*ROUTES, *(route for dialect in dialects for route in dialect.routes))
    return "" if first in {route.path.split("/")[1] for route in routes} else prefix


def dialects_of_routes(dialects: Sequence[ServedDialect]) -> dict[str, str]:
    """The API that each route belongs to, by its path; of two, the one that answers."""
    found: dict[str, str] = {}
    for dialect in dialects:
        for prefix in dialect.prefixes:
            for route in dialect.routes:
                found.setdefault(prefix + route.path, dialect.name)
    quiet = [HEALTH.path, READY.path, METRICS.path]
    for route in ROUTES:
        if route.path not in quiet:
            found[route.path] = "kirin"
    return {**found, f"/{MCP}": MCP}


def _add_routes(
    router: APIRouter, services: Services, options: HttpOptions, metrics: Metrics
) -> None:
    """Give each group of routes what it uses."""
    threads = ThreadPool(services.database, options.threads)
    authenticator = Authenticator(services.database, threads, now_ms, services.sealer)
    base_url = BaseUrl(options.public_url)
    limits = BodyLimits(options.max_body_bytes, options.body_seconds)
    tasks = TaskDependencies(
        authenticator=authenticator,
        threads=threads,
        tasks=services.tasks,
        catalogue=services.catalogue,
        presenter=services.presenter,
        forecaster=Forecaster(services.database, now_ms),
        base_url=base_url,
        body_limits=limits,
        pictures=PictureDesk(threads, services.storage),
    )
    accounts = AccountDependencies(
        authenticator=authenticator,
        threads=threads,
        tasks=services.tasks,
        library=services.library,
        links=services.links,
        base_url=base_url,
        rotation_hours=options.rotation_hours,
    )
    upload_desk = UploadDesk(
        UploadDependencies(
            authenticator=authenticator,
            threads=threads,
            uploads=services.uploads,
            links=services.links,
            base_url=base_url,
            body_seconds=options.body_seconds,
            upload_seconds=options.upload_seconds,
        )
    )
    admin = AdminDependencies(
        authenticator=authenticator,
        database=services.database,
        threads=threads,
        body_limits=limits,
        storage=services.storage,
        data_dir=options.data_dir,
        catalogue=services.catalogue,
        settings=options.settings,
        checks=options.checks,
        sealer=services.sealer,
    )
    intake = Intake(tasks)
    waiting_room = WaitingRoom(tasks, options.max_streams, options.sync_seconds)
    signing = installation_secret(services.database, SECRET)
    tokens = StreamTokens(signing, services.database, now_ms)
    sharing = Sharing(services.links, options.result_ms)
    add_task_routes(router, tasks, intake, waiting_room, tokens, sharing)
    add_queue_routes(router, tasks, intake)
    add_account_routes(router, accounts)
    add_admin_routes(router, admin)
    catalogue = APIRouter()
    if options.catalogue_key:
        catalogue.dependencies.append(Depends(authenticator.admit_reader))
    add_model_routes(catalogue, services.catalogue, base_url)
    add_contract_routes(catalogue, services.catalogue)
    add_skill_routes(catalogue, services.catalogue, base_url)
    router.include_router(catalogue)
    add_upload_routes(router, upload_desk)
    add_download_routes(router, threads, services.storage, services.links)
    add_health_routes(
        router, threads, services.database, services.storage, metrics, options.metrics_token
    )
    describe_native = partial(openapi, services.catalogue, catalogue_key=options.catalogue_key)
    _add_document(router, OPENAPI, threads, describe_native)
    spoken = DialectDependencies(
        tasks=tasks,
        accounts=accounts,
        intake=intake,
        waiting_room=waiting_room,
        upload_desk=upload_desk,
        storage=services.storage,
        links=services.links,
        result_ms=options.result_ms,
    )
    for dialect in options.dialects:
        dialect.add_routes(router, spoken)
        describe = partial(dialect_openapi, dialect)
        _add_document(router, dialect.document_path, threads, describe)


def _add_document(
    router: APIRouter, path: str, threads: ThreadPool, describe: Callable[[], Schema]
) -> None:
    """Serve an OpenAPI document, which is made when somebody asks for it."""
    document = cache(describe)

    async def read() -> Response:
        return json_response(await threads.run(document))

    router.add_api_route(path, read, methods=["GET"])
