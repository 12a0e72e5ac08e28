"""The OpenAPI document as a judge: whether an answer is one that it promises."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import httpx
from jsonschema import Draft202012Validator

Schema = Mapping[str, Any]


class Document:
    """A server's OpenAPI document."""

    def __init__(self, document: Schema) -> None:
        self.document = document
        self._prefixes = [each["url"].rstrip("/") for each in document.get("servers", ())]
        self._closed = closed(document["components"])
        self._validator = cache(self._make_validator)

    def template_of(self, request: httpx.Request) -> str:
        """The most exact address of the document that a request was sent to, or an empty text.

        As OpenAPI has it, an address without variables goes before any with some.
        """
        path = request.url.path.removesuffix("/")  # it means the same with a slash at the end
        paths = [path.removeprefix(each) for each in self._prefixes if path.startswith(each)]
        method = method_of(request)
        known = [
            template
            for template, item in self.document["paths"].items()
            if method in item and any(matches(template, each) for each in paths or [path])
        ]
        return max(known, key=exactness, default="")

    def check(self, request: httpx.Request, answer: httpx.Response) -> None:
        """Assert that the answer's status is documented and its body has the schema.

        Addresses and methods that the document does not have are nobody's promise.
        """
        template, method = self.template_of(request), method_of(request)
        if not template:
            return
        responses = self.document["paths"][template][method]["responses"]
        status = str(answer.status_code)
        if answer.status_code == httpx.codes.INTERNAL_SERVER_ERROR:
            refused = next(responses[status] for status in responses if status.startswith("4"))
            schema = refused["content"]["application/json"]["schema"]
            self.validator(schema).validate(answer.json())
            return
        assert status in responses, f"{request.method} {template} may not answer {status}"
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        kinds = responses[status].get("content", {})
        assert request.method == "HEAD" or not kinds or kind in kinds or "video/mp4" in kinds, kind
        if kind == "application/json" and kind in kinds and request.method != "HEAD":
            self._validator(template, method, status).validate(answer.json())

    def validator(self, schema: Schema) -> Draft202012Validator:
        """A validator of a schema that may refer to the document's components."""
        return Draft202012Validator({**closed(schema), "components": self._closed})

    def _make_validator(self, template: str, method: str, status: str) -> Draft202012Validator:
        responses = self.document["paths"][template][method]["responses"]
        return self.validator(responses[status]["content"]["application/json"]["schema"])


def closed(schema: Any) -> Any:
    """The same schema without members that it does not name.

    Clients must accept new members, so the document leaves objects open; the server of the same
    version has none to add.
    """
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    same = {name: closed(value) for name, value in schema.items()}
    if same.get("type") == "object" and "properties" in same:
        same.setdefault("additionalProperties", False)
    return same


def method_of(request: httpx.Request) -> str:
    """The method of a request, as documents have it."""
    return "get" if request.method == "HEAD" else request.method.lower()


def exactness(template: str) -> tuple[int, int]:
    """How exact an address is: its segments, and how many of these are no variables."""
    segments = template.split("/") if template else []
    return len(segments), sum("{" not in each for each in segments)


def matches(template: str, path: str) -> bool:
    """Whether a path is one that a template such as ``/tasks/{id}`` stands for."""
    return bool(_pattern(template).fullmatch(path))


@cache
def _pattern(template: str) -> re.Pattern[str]:
    # Every answer is held against every address: ``re`` itself keeps fewer patterns than there are.
    return re.compile(re.sub(r"\\{\w+\\}", ".+", re.escape(template)))
