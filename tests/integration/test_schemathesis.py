"""Whatever the OpenAPI document lets clients send, the answer is one that it promises.

Schemathesis makes up requests from the document, good ones and bad ones, always the same. They are
made up when a test runs: made up while tests are collected, each process of a parallel run would
make them all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.transport import Response
from schemathesis.generation.feedback import NO_FEEDBACK
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.python.asgi import ASGIClient, get_client
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from kirin.app import App
from kirin.catalogue.registry import Catalogue, built_in
from kirin.domain.task import Failure, Status, Task
from kirin.http.dialects.openai.dialect import OPENAI
from kirin.http.dialects.veo.dialect import VEO
from kirin.http.openapi import dialect_openapi, openapi
from support.api import SUBJECT, Api, InProcess
from support.cards import ELEMENTS, T2V

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
CONFIG = {
    "generation": {"max-examples": 10, "deterministic": True, "no-shrink": True, "database": "none"}
}
PARTS = 4
"""The document is read in so many parts, each a test of its own."""

ANY_MODEL = (
    "/model/v1/generation",
    "/model/v1/generation/sync",
    "/model/v1/quote",
    "/model/v1/generation/precharge",
)
"""They read the same bodies in the same way, so each is asked about a share of the models."""


def read(document: dict[str, Any]) -> BaseSchema:
    """A document as Schemathesis wants it."""
    config = SchemathesisConfig.from_dict(CONFIG)
    return schemathesis.openapi.from_dict(document, config=config)


@pytest.fixture(params=range(PARTS), scope="module")
def native(request: pytest.FixtureRequest) -> BaseSchema:
    """A part of the document: some paths, and of those that take any model one about some."""
    part: int = request.param
    document = openapi(Catalogue([*built_in()][part::PARTS]))
    others = [path for path in document["paths"] if path not in ANY_MODEL]
    paths = (ANY_MODEL[part], *others[part::PARTS])
    return read(document | {"paths": {path: document["paths"][path] for path in paths}})


@pytest.fixture(params=(OPENAI, VEO), ids=lambda each: each.name, scope="module")
def dialect(request: pytest.FixtureRequest) -> BaseSchema:
    return read(dialect_openapi(request.param))


@dataclass(frozen=True)
class Visitor:
    """Sends what is made up.

    Attributes:
        key: an account's key.
        known: names of what the account has, by path parameter.
        turns: numbers the requests.
    """

    session: ASGIClient
    key: str
    known: Mapping[str, str]
    turns: Iterator[int] = field(default_factory=count)

    def send(self, case: schemathesis.Case, **headers: str) -> Response:
        """Send a request and hold the answer against the document."""
        return case.call_and_validate(
            base_url="http://testserver", session=self.session, headers=headers, checks=CHECKS
        )


@pytest.fixture(scope="module")
def visitor(shared_app: App, _transport: InProcess) -> Iterator[Visitor]:
    api = Api(shared_app, _transport)
    link = api.finish(T2V, prompt="a tiny lake")["output"][0]["content"][0]["url"]
    known = {
        "task_id": api.make(ELEMENTS, **SUBJECT).id,
        "element_id": str(api.subject()),
        "model_id": T2V,
        "model": T2V,
        "video_id": api.make(T2V, prompt="a tiny lake").id,
        "request_id": api.make(T2V, prompt="a tiny lake").id,
        "key": link.partition("/files/")[2].partition("?")[0],
    }
    with get_client(shared_app.http()) as session, pytest.MonkeyPatch.context() as patch:
        # Made-up waits would be waited for, and a stream has no end.
        patch.setattr("kirin.http.tasks.read.wait_for_change", as_it_is)
        patch.setattr("kirin.http.tasks.waiting_room.WaitingRoom.wait", at_its_end)
        patch.setattr("kirin.http.authentication.Authenticator.still_valid", over)
        yield Visitor(session, api.key, known)


async def as_it_is(_: object, __: object, task: Task, ___: float) -> Task:
    return task


async def at_its_end(_: object, __: object, task: Task, *___: object) -> Task:
    return replace(task, status=Status.FAILED, failure=Failure("none", "it was not rendered"))


async def over(*_: object) -> bool:
    return False


def test_every_answer_is_documented_and_strangers_get_no_further_than_the_key(
    native: BaseSchema, visitor: Visitor, subtests: pytest.Subtests
) -> None:  # W-9 W-10 W-11
    check_all(native, visitor, subtests)


def test_so_is_every_answer_of_dialects_that_take_a_bearer(
    dialect: BaseSchema, visitor: Visitor, subtests: pytest.Subtests
) -> None:
    check_all(dialect, visitor, subtests)


def check_all(schema: BaseSchema, visitor: Visitor, subtests: pytest.Subtests) -> None:
    """Make up requests of every operation of a document."""
    for found in schema.get_all_operations():
        operation = found.ok()
        # What `schema.parametrize()` calls while tests are collected.
        test = build_operation_test(
            config=schema.config,
            operation=operation,
            test_func=check,
            given_kwargs={},
            feedback=NO_FEEDBACK,
        )
        with subtests.test(operation.label):
            test(visitor=visitor)


def check(case: schemathesis.Case, visitor: Visitor) -> None:
    """Send a made-up request as a stranger, as an account, and about what the account has."""
    # One test, since to make up a request takes as long as to send it. A stranger's body is not
    # read: some of them are enough.
    if next(visitor.turns) % 4 == 0:
        answer = visitor.send(case)
        if case.operation.definition.raw["security"]:
            # Some of the made-up paths and methods lead nowhere.
            assert answer.status_code in (401, 404, 405)
    visitor.send(case, Authorization=f"Bearer {visitor.key}")
    known = {name: visitor.known[name] for name in case.path_parameters if name in visitor.known}
    if known:
        case.path_parameters.update(known)
        visitor.send(case, Authorization=f"Bearer {visitor.key}")
