"""The bodies of all errors (rule W-9)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kirin.errors import ApiError, InsufficientBalance, InvalidParameters, LimitReached, Problem
from kirin.http.responses import error_json


def below(kind: type[ApiError]) -> Iterator[type[ApiError]]:
    yield kind
    for each in kind.__subclasses__():
        if each.__module__.startswith("kirin."):
            yield from below(each)


@pytest.mark.parametrize("kind", tuple(below(ApiError)))
def test_every_error_has_a_message_and_a_code(kind: type[ApiError]) -> None:  # W-9
    error = InvalidParameters([Problem("a", "b", "c")]) if kind is InvalidParameters else kind()
    body = error_json(error, "r")
    assert isinstance(body["message"], str)
    assert body["message"]
    assert body["code"] == kind.code
    assert body["request_id"] == "r"
    assert not isinstance(body.get("error"), dict)
    assert 400 <= error.status < 600


def test_bad_parameters_are_listed() -> None:  # W-9
    problem = Problem("image_list[1].image", "too_long", "too long", ("MUL-1",))
    (told,) = error_json(InvalidParameters([problem]), "r")["errors"]  # type: ignore[misc]
    assert told == {
        "param": "image_list[1].image",
        "code": "too_long",
        "message": "too long",
        "rules": ("MUL-1",),
    }


@pytest.mark.parametrize("message", [None, "insufficient balance: this takes 1 USD"])
def test_a_low_balance_is_known_by_words_and_number(message: str | None) -> None:  # W-9
    error = InsufficientBalance(message, {"balance": {"needed": "1"}})
    body = error_json(error, "r")
    assert (error.status, body["code"], body["error_code"]) == (403, "insufficient_balance", 40201)
    assert "insufficient balance" in str(body["message"])
    assert body["balance"] == {"needed": "1"}


def test_details_hide_nothing() -> None:  # W-9
    body = error_json(LimitReached("wait", limit={"code": "mine"}), "r")
    assert (body["code"], body["message"]) == ("limit_reached", "wait")
