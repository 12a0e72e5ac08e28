"""A request as data: what it asks for, how its answer is read, and whether it may be repeated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from kirin_client.bodies import Content
from kirin_client.errors import UnreadableAnswer, refusal
from kirin_client.wire_model import WireModel

T = TypeVar("T")
M = TypeVar("M", bound=WireModel)


@dataclass(frozen=True)
class Request(Generic[T]):
    """A request of one route.

    Attributes:
        route: path of the route as the OpenAPI document has it, with ``{names}``.
        path: the path itself.
        read: makes the result from a good answer.
        query: parameters; those that are ``None`` are not sent.
        body: JSON object.
        content: bytes to send instead.
        repeatable: whether it may be sent again when nobody knows what became of it.
        keyed: whether it gets an ``Idempotency-Key``, which makes it repeatable.
        patience: seconds that the server may take on purpose.
    """

    method: str
    route: str
    path: str
    read: Callable[[httpx.Response], T]
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    content: Content | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    repeatable: bool = False
    keyed: bool = False
    patience: float = 0.0


def request(
    method: str,
    route: str,
    read: Callable[[httpx.Response], T],
    *names: str,
    repeatable: bool | None = None,
    **options: Any,
) -> Request[T]:
    """A request.

    Args:
        names: what stands in the path, in the order of the route.
        repeatable: by default, whether it only reads.
    """
    path = route
    for name in names:
        before, _, rest = path.partition("{")
        path = f"{before}{quote(str(name), safe='')}{rest.partition('}')[2]}"
    again = method == "GET" if repeatable is None else repeatable
    return Request(method, route, path, read, repeatable=again, **options)


def given(**values: Any) -> dict[str, Any]:
    """Those values that are given, as JSON has them."""
    return {name: jsonable(value) for name, value in values.items() if value is not None}


def jsonable(value: Any) -> Any:
    """A value with dictionaries in place of models."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_unset=True)
    if isinstance(value, Mapping):
        return {name: jsonable(each) for name, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return [jsonable(each) for each in value]
    return value


def model(kind: type[M]) -> Callable[[httpx.Response], M]:
    """Reads an answer that is a model."""
    return partial(_model, kind)


def data_of(kind: type[M]) -> Callable[[httpx.Response], M]:
    """Reads an answer that has a model in an envelope, under ``data``."""
    return partial(_enveloped, kind)


def json_object(response: httpx.Response) -> dict[str, Any]:
    """The JSON object of an answer.

    Raises:
        UnreadableAnswer: it has none.
    """
    try:
        found = response.json()
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found
    kind = response.headers.get("Content-Type", "nothing")
    raise UnreadableAnswer(f"expected JSON from {_where(response)}, got {kind}")


def text(response: httpx.Response) -> str:
    """The text of an answer."""
    return response.text


def content(response: httpx.Response) -> bytes:
    """The bytes of an answer."""
    return response.content


def content_if_any(response: httpx.Response) -> bytes | None:
    """The bytes of an answer; ``None`` if it is 204."""
    return None if response.status_code == 204 else response.content


def check(response: httpx.Response) -> httpx.Response:
    """An answer that is no refusal; its body has been read.

    Raises:
        ApiError: it is one.
        UnreadableAnswer: it leads elsewhere.
    """
    if response.is_success:
        return response
    if response.is_redirect:
        raise UnreadableAnswer(f"{_where(response)} answers {response.status_code}: it is moved")
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        body = {"message": response.text[:200].strip() or response.reason_phrase}
    raise refusal(response.status_code, body, response.headers)


def _model(kind: type[M], response: httpx.Response) -> M:
    return _validated(kind, json_object(response), response)


def _enveloped(kind: type[M], response: httpx.Response) -> M:
    return _validated(kind, json_object(response).get("data"), response)


def _validated(kind: type[M], found: Any, response: httpx.Response) -> M:
    try:
        return kind.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "it"
        raise UnreadableAnswer(
            f"{_where(response)} gave no {kind.__name__}: {place}: {first['msg']}"
        ) from None


def _where(response: httpx.Response) -> str:
    return str(response.request.url.copy_with(query=None))
