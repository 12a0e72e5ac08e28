"""Every route, walked with another account's key: nothing of this account is there (W-9)."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import httpx
import pytest
from fastapi.routing import APIRoute
from sqlalchemy import select
from starlette.routing import BaseRoute

from kirin.accounts.keys import Scope
from kirin.console.routes import ASSETS, PAGES, WELCOME
from kirin.database.tables import events, webhooks
from kirin.http.dialects.kling.routes import TASKS
from kirin.http.dialects.registry import DIALECTS
from kirin.wire import kling, kling_new
from support.api import GENERATION, LIBRARY, TASK, Api
from support.cards import T2V
from support.pictures import inline

OPEN = {
    "/healthz",
    "/readyz",
    "/openapi.json",
    "/metrics",
    "/files/{key:path}",
    "/api/v1/skill/models",
    "/api/v1/skill/models/{model_id}/spec",
    "/api/v1/skill/model-contracts/{model_id}",
    "/model/v1/models/skill/search",
    "/model/v1/models/skill/{model_id}",
    "/fal/cdn/promised/{account}/{name}",
    "/fal/proxy",
    *(dialect.document_path for dialect in DIALECTS),
    *PAGES,
    f"/{ASSETS}/{{name}}",
    WELCOME,
}
"""Routes without a key: what they show is everybody's, signed, or about the server. A proxy leaves
that to where it leads."""

FIXED = {
    ("POST", GENERATION): 400,
    ("POST", f"{GENERATION}/sync"): 400,
    ("POST", f"{GENERATION}/precharge"): 400,
    ("GET", f"{GENERATION}/batch"): 200,
    ("POST", f"{GENERATION}/batch"): 400,
    ("POST", f"{GENERATION}/batch/quote"): 400,
    ("GET", f"{GENERATION}/zip"): 401,
    ("POST", f"{GENERATION}/zip"): 400,
    ("POST", f"{GENERATION}/zip/token"): 400,
    ("POST", "/model/v1/queue/{model}"): 400,
    ("POST", "/model/v1/quote"): 400,
    ("POST", "/api/v1/storage/files"): 400,
    ("POST", "/model/v1/files"): 400,
    ("POST", "/model/v1/files/fetch"): 400,
    ("GET", TASK): 200,
    ("GET", LIBRARY): 200,
    ("GET", "/model/v1/webhooks"): 200,
    ("GET", "/model/v1/webhooks/secret"): 200,
    ("POST", "/model/v1/webhooks/secret/rotate"): 200,
    ("GET", "/model/v1/usage"): 200,
    ("GET", "/model/v1/balance"): 200,
    ("GET", "/model/v1/key"): 200,
    ("GET", "/api/v1/user/balance"): 200,
    ("POST", "/fal/{endpoint:path}"): 422,
    ("POST", "/fal/run/{endpoint:path}"): 422,
    ("POST", "/fal/run/{endpoint:path}/stream"): 422,
    ("POST", "/fal/rest/storage/upload/initiate"): 200,
    ("POST", "/fal/rest/storage/auth/token"): 200,
    ("POST", "/fal/cdn/files/upload"): 422,
    ("POST", "/model/v1/events/token"): 200,
    ("POST", "/v1/videos"): 400,
    ("POST", "/api/v1/videos"): 400,
    ("GET", "/api/v1/videos/models"): 200,
    **{
        (method, prefix + path): status
        for prefix in ("/replicate/v1", "/v1")
        for method, path, status in (
            ("POST", "/predictions", 422),
            ("POST", "/models/{owner}/{name}/predictions", 422),
            ("GET", "/predictions", 200),
            ("GET", "/models", 200),
            ("GET", "/models/{owner}/{name}", 200),
            ("GET", "/models/{owner}/{name}/versions", 200),
            ("POST", "/files", 422),
            ("GET", "/files", 200),
            ("GET", "/account", 200),
            ("GET", "/webhooks/default/secret", 200),
        )
    },
    ("GET", "/v1/videos"): 200,
    ("GET", "/v1/models"): 200,
    ("GET", "/v1/models/{model}"): 200,
    ("POST", "/v1beta/models/{model}:predictLongRunning"): 400,
    ("GET", "/v1beta/models/{model}/operations"): 200,
    ("GET", "/v1beta/models"): 200,
    ("GET", "/v1beta/models/{model}"): 200,
    **{
        (method, prefix + path): status
        for prefix in kling.PREFIXES
        for method, path, status in (
            *(("POST", path, 400) for path in (*TASKS, kling.FACES)),
            *(("GET", path, 200) for path in TASKS),
            ("POST", kling.DELETE_ELEMENT, 400),
            ("POST", kling.DELETE_ELEMENT_BEFORE, 400),
            ("GET", kling.PRESETS, 200),
            ("GET", kling.COSTS, 400),
            ("GET", kling_new.TASKS, 400),
            ("POST", kling_new.TASKS, 200),
        )
    },
}
"""Routes that name nothing, and what they answer to an empty request: about one's own account."""

STREAM = "/model/v1/events"
"""It never ends; a test of its own looks at it."""


@dataclass(frozen=True)
class Belongings:
    """What an account has, for routes to name."""

    api: Api
    ids: dict[str, str]

    def traces(self) -> set[str]:
        """Words that no stranger's answer may hold."""
        return {*self.ids.values(), self.api.account, self.api.key}


@pytest.fixture(scope="module")
def owner(shared_app: object, _transport: object) -> Belongings:
    api = Api(shared_app, _transport)  # type: ignore[arg-type]
    element = api.subject()
    params = {"external_task_id": f"order-{api.account}", "callback_url": "https://example.com"}
    task = api.make(T2V, prompt="a tiny lake", **params)
    api.run(task.id)
    with api.app.database.read() as connection:
        query = select(webhooks.c.id).where(webhooks.c.account == api.account)
        webhook = connection.execute(query).scalars().first()
    assert webhook
    api.http.post("/model/v1/files", content=b64decode(inline(310, 300))).raise_for_status()
    file = api.http.get("/replicate/v1/files").json()["results"][0]["id"]
    key = api.http.get("/model/v1/usage", params={"by": "key"}).json()["usage"][0]["key"]
    request = {"model": T2V, "prompt": "a tiny lake"}
    batch = api.http.post(f"{GENERATION}/batch", json={"requests": [request]}).json()["id"]
    ids = {
        "task_id": task.id,
        "batch_id": batch,
        "request_id": task.id,
        "video_id": task.id,
        "job_id": task.id,
        "operation_id": task.id,
        "file": task.id,
        "prediction_id": task.id,
        "file_id": file,
        "element_id": str(element),
        "webhook_id": webhook,
        "account_id": api.account,
        "key_id": key,
    }
    return Belongings(api, ids)


def flat(routes: Iterable[BaseRoute]) -> Iterator[BaseRoute]:
    """Routes, those of included routers too."""
    for route in routes:
        router = getattr(route, "original_router", None)
        if router is None:
            yield route
        else:
            yield from flat(router.routes)


def routes(api: Api) -> list[tuple[str, str]]:
    """Every method and path template that takes a key."""
    found = [
        (method, route.path)
        for route in flat(api.app.http().routes)
        if isinstance(route, APIRoute) and route.path not in OPEN
        for method in sorted(route.methods)
    ]
    assert len(found) > 25
    return found


def filled(path: str, ids: dict[str, str]) -> str:
    """A path with the names of somebody's things."""
    known = {
        "owner": "kirin",
        "name": T2V,
        "version_id": "0" * 64,
        "model": T2V,
        "endpoint": f"kirin/{T2V}",
        "app": f"kirin/{T2V}",
        "queue_name": "all",
        "worker_id": "host-1-ab",
    }
    for name, id in {**known, **ids}.items():
        path = path.replace(f"{{{name}:path}}", id).replace(f"{{{name}}}", id)
    assert "{" not in path, f"teach this test what {path} names"
    return path


def ask(client: httpx.Client, method: str, path: str) -> httpx.Response:
    return client.request(method, path, json={} if method in ("POST", "PATCH") else None)


def test_without_a_key_nothing_opens(owner: Belongings) -> None:  # W-10
    for method, path in routes(owner.api):
        answer = ask(owner.api.stranger, method, filled(path, owner.ids))
        assert answer.status_code == 401, (method, path)


def test_a_stranger_finds_nothing_of_others(owner: Belongings) -> None:  # W-9 EL-5
    stranger = owner.api.another()
    for method, path in routes(owner.api):
        if path == STREAM:
            continue
        answer = ask(stranger.http, method, filled(path, owner.ids))
        expected = 403 if path.startswith("/admin/") else FIXED.get((method, path), 404)
        assert answer.status_code == expected, (method, path, answer.text)
        told = {name: id for name, id in owner.ids.items() if id in answer.text}
        assert told == {}, (method, path)
    for name in (owner.ids["task_id"], f"order-{owner.api.account}"):
        assert owner.api.read(name)["status"] == "completed"
    assert owner.api.http.get(f"{LIBRARY}/{owner.ids['element_id']}").status_code == 200


def test_queries_find_nothing_of_others(owner: Belongings) -> None:  # W-9
    stranger = owner.api.another().http
    name = f"order-{owner.api.account}"
    assert stranger.get(TASK, params={"external_task_id": name}).json()["tasks"] == []
    by_task = stranger.get("/model/v1/webhooks", params={"task": owner.ids["task_id"]})
    assert by_task.status_code == 404
    assert stranger.get("/model/v1/usage").json()["usage"] == []
    used = stranger.post(GENERATION, json={"model": T2V, "prompt": "a", "external_task_id": name})
    assert used.status_code == 200


def test_events_are_those_of_the_account(owner: Belongings) -> None:
    with owner.api.app.database.read() as connection:
        query = select(events.c.task).where(events.c.account == owner.api.account)
        tasks = set(connection.execute(query).scalars())
        others = select(events.c.account).where(events.c.task.in_(tasks)).distinct()
        assert connection.execute(others).scalars().all() == [owner.api.account]


def test_an_operator_is_no_owner(owner: Belongings) -> None:
    operator = owner.api.another().holder(Scope.ADMIN, Scope.READ)
    assert operator.get(f"{TASK}/{owner.ids['task_id']}").status_code == 404
