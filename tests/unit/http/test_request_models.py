"""Bodies as models: what is wrong is named by JSON path, in the codes of rule W-9."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from kirin.accounts.keys import USUAL, Scope
from kirin.errors import InvalidParameters
from kirin.http.admin.bodies import AccountChanges, NewAccount, NewKey, Rotation, TopUp
from kirin.http.files.models import FetchRequest
from kirin.http.request_models import RequestModel, parse_model


def problems(model: type[RequestModel], body: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(InvalidParameters) as caught:
        parse_model(model, body)
    return {problem.param: problem.code for problem in caught.value.problems}


@pytest.mark.parametrize(
    ("model", "body", "wrong"),
    [
        (NewAccount, {"name": None}, {"name": "required"}),
        (NewAccount, {"name": 3}, {"name": "wrong_type"}),
        (NewAccount, {"name": ""}, {"name": "too_short"}),
        (NewAccount, {"name": "n" * 129}, {"name": "too_long"}),
        (NewAccount, {"name": "a\0b"}, {"name": "invalid_text"}),
        (NewAccount, {"name": "a", "limits": 3}, {"limits": "wrong_type"}),
        (NewAccount, {"name": "a", "limits": []}, {"limits": "wrong_type"}),
        (
            NewAccount,
            {"name": "a", "limits": {"requests_per_minute": True, "queued": None, "later": 1}},
            {
                "limits.requests_per_minute": "wrong_type",
                "limits.queued": "unknown_parameter",
                "limits.later": "unknown_parameter",
            },
        ),
        (
            NewAccount,
            {"name": "a", "limits": {"queued_tasks": 1.0}},
            {"limits.queued_tasks": "wrong_type"},
        ),
        (AccountChanges, {"names": "a"}, {"names": "unknown_parameter"}),
        (AccountChanges, {"discount_percent": True}, {"discount_percent": "wrong_type"}),
        (NewKey, {"name": "a", "scopes": "read"}, {"scopes": "not_an_option"}),
        (NewKey, {"name": "a", "scopes": [["read"]]}, {"scopes": "not_an_option"}),
        (NewKey, {"name": "a", "expires_in": 10**30}, {"expires_in": "out_of_range"}),
        (TopUp, {"amount": "1e30"}, {"amount": "wrong_type"}),
        (TopUp, {"amount": "1", "note": "n" * 513}, {"note": "too_long"}),
        (FetchRequest, {"url": ""}, {"url": "required"}),
    ],
)
def test_what_is_wrong_is_named(
    model: type[RequestModel], body: dict[str, Any], wrong: dict[str, str]
) -> None:  # W-9
    assert problems(model, body) == wrong


def test_the_nearest_name_is_told() -> None:  # C-9
    with pytest.raises(InvalidParameters, match="did you mean 'requests_per_minute'"):
        parse_model(NewAccount, {"name": "a", "limits": {"request_per_minute": 1}})


def test_of_many_unknown_names_the_rest_share_a_problem() -> None:
    found = problems(NewAccount, {"name": "a", **{f"x{n}": 1 for n in range(500)}})
    assert len(found) == 21
    assert found[""] == "unknown_parameter"


def test_null_counts_as_absent() -> None:
    key = parse_model(NewKey, {"name": "a", "scopes": None, "limits": None, "expires_in": None})
    assert key.scopes == USUAL
    assert parse_model(Rotation, {"overlap_seconds": None}) == parse_model(Rotation, {})


def test_values_are_exact() -> None:
    account = parse_model(NewAccount, {"name": " a ", "discount_percent": 12})
    assert (account.name, account.discount_percent) == (" a ", Decimal(12))
    assert parse_model(TopUp, {"amount": "0.0001"}).amount == Decimal("0.0001")
    scopes = parse_model(NewKey, {"name": "a", "scopes": ["admin", "read", "read"]}).scopes
    assert scopes == (Scope.READ, Scope.ADMIN)
