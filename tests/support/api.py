"""The whole server in this process, spoken to as a client does: no socket, no worker."""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import httpx
from fastapi import FastAPI

from kirin.accounts import administration
from kirin.accounts import store as accounts
from kirin.accounts.audit import Actor
from kirin.accounts.keys import Scope, new_secret
from kirin.app import App
from kirin.catalogue.plan import Materials
from kirin.clock import now_ms
from kirin.domain.assets import Asset
from kirin.domain.money import dollars
from kirin.domain.storyboard import Storyboard
from kirin.domain.task import Task
from kirin.errors import UnknownModel
from kirin.http.dialects.registry import DIALECTS, error_answers
from kirin.http.error_format import NATIVE
from kirin.orchestration.face_sessions import sessions_of
from support.cards import ELEMENTS
from support.openapi import Document, exactness
from support.pictures import inline
from support.sources import provide_examples

GENERATION = "/model/v1/generation"
TASK = f"{GENERATION}/task"
MODELS = "/api/v1/skill/models"
LIBRARY = "/model/v1/elements"

SUBJECT = {
    "element_name": "Ada",
    "element_description": "A woman in a green coat",
    "reference_type": "image_refer",
    "element_image_list": {
        "frontal_image": inline(310, 300),
        "refer_images": [{"image_url": inline(320, 300)}],
    },
}
"""A subject whose pictures need no download."""


def check_error(path: str, answer: httpx.Response) -> None:
    """Assert that a refusal is one that any client can read (rule W-9, or as a dialect has it).

    Clients take ``message``, or a string ``error``; an object there hides the message.
    """
    if answer.headers["Content-Type"].startswith("text/html"):  # a page of the console
        return
    body = answer.json()
    if error_answers(DIALECTS).format_of(path) is not NATIVE:
        return  # its document says what it is like
    for name in ("message", "code", "request_id"):
        assert isinstance(body[name], str), answer.text
        assert body[name], answer.text
    # Who stopped waiting gets the task as it is, which says why in its error (N-1).
    assert ("error" in body) == (body["code"] == "SYNC_TIMEOUT"), answer.text
    if body["code"] == "invalid_parameters":
        assert body["errors"], answer.text
    if body["code"] == "insufficient_balance":
        assert answer.status_code == 403
        assert body["error_code"] == 40201
        assert "insufficient balance" in body["message"].lower()


class InProcess(httpx.BaseTransport):
    """Hands requests to an application, and holds every answer against its OpenAPI document."""

    def __init__(self, app: FastAPI) -> None:
        self._application = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        self._runner = asyncio.Runner()
        self._alone = threading.Lock()  # a loop runs one request at a time, whoever asks
        with httpx.Client(transport=self, base_url="http://testserver") as client:
            self._documents: list[Document] = []
            paths = ["/openapi.json", *(dialect.document_path for dialect in DIALECTS)]
            found = [client.get(path) for path in paths]
            self._documents = [Document(each.json()) for each in found if each.is_success]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with self._alone:
            answer = self._runner.run(self._handle(request))
        if answer.is_error and request.method != "HEAD":
            check_error(request.url.path, answer)
        # Of two documents, the one with the more exact address has given the answer.
        best = max((exactness(each.template_of(request)) for each in self._documents), default=None)
        for document in self._documents:
            if exactness(document.template_of(request)) == best:
                document.check(request, answer)
        return answer

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        answer = await self._application.handle_async_request(request)
        sent = b"".join([part async for part in answer.aiter_raw()])
        return httpx.Response(answer.status_code, headers=answer.headers, content=sent)

    def end(self) -> None:
        """Close the event loop; clients that share it only close themselves."""
        self._runner.close()


class Api:
    """A server, and one account that uses it.

    Attributes:
        http: speaks with the account's key.
        stranger: speaks with none.
    """

    def __init__(self, app: App, transport: InProcess) -> None:
        self.app = app
        self._transport = transport
        self.key = new_secret()
        with app.database.write() as connection:
            self.account = accounts.ensure_account(connection, secrets.token_hex(8), now_ms())
            accounts.add_key(connection, self.account, "test", self.key, now_ms())
        self.http = self.client({"Authorization": f"Bearer {self.key}"})
        self.stranger = self.client({})

    def client(self, headers: Mapping[str, str]) -> httpx.Client:
        """A client that sends these headers."""
        return httpx.Client(
            transport=self._transport, base_url="http://testserver", headers=headers
        )

    def holder(self, *scopes: Scope, **facts: Any) -> httpx.Client:
        """A client with another key of this account."""
        with self.app.database.write() as connection:
            owner = administration.account(connection, self.account)
            _, secret = administration.create_key(
                connection, Actor("test"), owner, "other", now_ms(), scopes=scopes, **facts
            )
        return self.client({"Authorization": f"Bearer {secret}"})

    def top_up(self, dollars: str) -> None:
        """Give the account money."""
        with self.app.database.write() as connection:
            owner = administration.account(connection, self.account)
            administration.top_up(connection, Actor("test"), owner, Decimal(dollars), now_ms())

    def change(self, **terms: Any) -> None:
        """Give the account another discount or other limits."""
        with self.app.database.write() as connection:
            old = administration.account(connection, self.account)
            new = replace(old, **terms)
            administration.change_account(connection, Actor("test"), old, new, now_ms())

    def another(self) -> Api:
        """The same server, used by another account."""
        return Api(self.app, self._transport)

    def create(self, model: str, **params: Any) -> httpx.Response:
        """Ask for a task, whatever comes of it; the videos of its model's examples are there."""
        with suppress(UnknownModel):
            provide_examples(self.app, self.account, model)
        return self.http.post(GENERATION, json={"model": model, "input": [{"params": params}]})

    def make(self, model: str, **params: Any) -> Task:
        """Make a task that must be accepted, and look at what the server keeps of it."""
        answer = self.create(model, **params)
        assert answer.status_code == 200, answer.text
        return self.row(answer.json()["id"])

    def problems(self, model: str, **params: Any) -> dict[str, str]:
        """The code of each parameter of a request that must be refused."""
        answer = self.create(model, **params)
        assert answer.status_code == 400, answer.text
        return {problem["param"]: problem["code"] for problem in answer.json()["errors"]}

    def row(self, name: str) -> Task:
        """What the server keeps of a task."""
        return self.app.tasks.find(self.account, name)

    def storyboard(self, task: Task) -> Storyboard:
        """What the server will make of a task; pictures by URL count as 16:9."""
        card = self.app.catalogue.get(task.model)
        media = dict(task.assets)
        for place in card.media(dict(task.params)):
            kind = place.parameter.kind
            media.setdefault(place.path, Asset.announced(kind))
        subjects = {subject.id: subject for subject in task.subjects}
        sessions = sessions_of(task, card, media)
        plan = card.plan(dict(task.params), Materials(media, subjects, sessions), task.seed)
        assert isinstance(plan, Storyboard)
        return plan

    def read(self, name: str) -> dict[str, Any]:
        """A task as the API shows it."""
        answer = self.http.get(f"{TASK}/{name}")
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    def quote(self, model: str, **params: Any) -> str:
        """USD that a task is said to cost at most."""
        return dollars(self.make(model, **params).quote)

    def run(self, id: str) -> dict[str, Any]:
        """Do a worker's work for a task, and read what became of it."""
        self.app.executor.execute(id, lambda: False)
        return self.read(id)

    def finish(self, model: str, **params: Any) -> dict[str, Any]:
        """Make a task and bring it to its end, whatever that is."""
        return self.run(self.make(model, **params).id)

    def subject(self, **changes: Any) -> int:
        """Make a subject from pictures, or from what the changes say, and tell its id."""
        return element_id(self.finish(ELEMENTS, **(SUBJECT | changes)))


def element_id(task: Mapping[str, Any]) -> int:
    """The id of the subject that a task has made."""
    assert task["status"] == "completed", task
    id: int = task["output"][0]["content"][0]["element_id"]
    return id


@dataclass(frozen=True)
class Finished:
    """A task that has ended, and whose it is."""

    api: Api
    task: dict[str, Any]

    @property
    def content(self) -> list[dict[str, Any]]:
        """The files that it made."""
        (output,) = self.task["output"]
        content: list[dict[str, Any]] = output["content"]
        return content
