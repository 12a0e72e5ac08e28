"""Whatever the OpenAPI document lets clients send, the answer is one that it promises.

Schemathesis makes up requests from the document, good ones and bad ones, always the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.transport import Response
from schemathesis.python.asgi import ASGIClient, get_client
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from kirin.app import App
from kirin.catalogue.registry import built_in
from kirin.domain.task import Failure, Status, Task
from kirin.http.dialects.openai.dialect import OPENAI
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
    "generation": {"max-examples": 25, "deterministic": True, "no-shrink": True, "database": "none"}
}
schema = schemathesis.openapi.from_dict(
    openapi(built_in()), config=SchemathesisConfig.from_dict(CONFIG)
)
openai_schema = schemathesis.openapi.from_dict(
    dialect_openapi(OPENAI), config=SchemathesisConfig.from_dict(CONFIG)
)


@dataclass(frozen=True)
class Visitor:
    """Sends what is made up.

    Attributes:
        key: an account's key.
        known: names of what the account has, by path parameter.
    """

    session: ASGIClient
    key: str
    known: Mapping[str, str]

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


@schema.parametrize()
def test_every_answer_is_documented_and_strangers_get_no_further_than_the_key(
    case: schemathesis.Case, visitor: Visitor
) -> None:  # W-9 W-10 W-11
    check(case, visitor)


@openai_schema.parametrize()
def test_so_is_every_answer_of_the_openai_dialect(
    case: schemathesis.Case, visitor: Visitor
) -> None:
    check(case, visitor)


def check(case: schemathesis.Case, visitor: Visitor) -> None:
    """Send a made-up request as a stranger, as an account, and about what the account has."""
    # One test, since to make up a request takes as long as to send it.
    answer = visitor.send(case)
    if case.operation.definition.raw["security"]:
        # Some of the made-up paths and methods lead nowhere.
        assert answer.status_code in (401, 404, 405)
    visitor.send(case, Authorization=f"Bearer {visitor.key}")
    known = {name: visitor.known[name] for name in case.path_parameters if name in visitor.known}
    if known:
        case.path_parameters.update(known)
        visitor.send(case, Authorization=f"Bearer {visitor.key}")
