"""Errors on the wire, keys and request ids (contract, section 1: W-9 and W-10)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from kirin.accounts import store as accounts
from kirin.accounts.keys import new_secret
from kirin.clock import now_ms
from support.api import GENERATION, MODELS, TASK, Api
from support.cards import I2V, T2V
from support.pictures import inline

KEYED = [
    ("POST", GENERATION),
    ("GET", TASK),
    ("GET", f"{TASK}/x"),
    ("POST", f"{TASK}/x/cancel"),
    ("DELETE", f"{TASK}/x"),
]
OPEN = ["/healthz", "/openapi.json", MODELS, f"{MODELS}/{T2V}/spec"]


def assert_error(answer: httpx.Response, status: int, code: str) -> str:
    """Assert that this is an error as W-9 has it; gives its message."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/json"
    body = answer.json()
    assert body["code"] == code
    assert body["request_id"] == answer.headers["X-Request-Id"]
    message = body["message"]
    assert isinstance(message, str)
    assert message
    assert "Traceback" not in answer.text
    return message


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"5",
        b"{'model': 1}",
        b'{"model": "kirin_v1_6_t2v",}',
        b'{"model": "kirin_v1_6_t2v"} more',
        b'{"model": "\xff\xfe"}',
        b'{"model": "\xed\xa0\x80"}',
        b'{"model": "\\ud800"}',
        '{"model": "kirin_v1_6_t2v"}'.encode("utf-16"),
        b'{"model": "kirin_v1_6_t2v", "cfg_scale": NaN}',
        b'{"model": "kirin_v1_6_t2v", "cfg_scale": Infinity}',
        b'{"model": "kirin_v1_6_t2v", "prompt": "a", "cfg_scale": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"model":' * 100_000,
        b'{"model": ' + b"[" * 5000 + b"]" * 5000 + b"}",
        b"\x00" * 1000,
        b"model=kirin_v1_6_t2v",
    ],
    ids=lambda body: body[:40],
)
def test_a_body_that_is_no_json_object(api: Api, body: bytes) -> None:  # W-9
    message = assert_error(api.http.post(GENERATION, content=body), 400, "malformed_body")
    assert len(message) < 300


@pytest.mark.parametrize(
    ("body", "param"),
    [
        (b'{"model": "kirin_v1_6_t2v", "prompt": "a", "cfg_scale": 1e999}', "cfg_scale"),
        (b'{"model": "kirin_v1_6_t2v", "prompt": "a", "duration": 1e999}', "duration"),
        (
            b'{"model": "kirin_v1_6_t2v", "prompt": "a", "cfg_scale": ' + b"9" * 4300 + b"}",
            "cfg_scale",
        ),
        (
            b'{"model": "kirin_v1_6_t2v", "prompt": "a", "duration": ' + b"9" * 4300 + b"}",
            "duration",
        ),
        (
            b'{"model": "kirin_v1_6_t2v", "prompt": ' + b"[" * 150 + b"]" * 150 + b"}",
            "prompt",
        ),
        (b'{"model": "kirin_v1_6_t2v", "prompt": "a\\u0000b"}', "prompt"),
    ],
    ids=["1e999", "duration-1e999", "huge", "duration-huge", "deep", "nul"],
)
def test_json_at_the_edge_of_what_json_can_say(api: Api, body: bytes, param: str) -> None:  # W-9
    answer = api.http.post(GENERATION, content=body)
    assert_error(answer, 400, "invalid_parameters")
    assert [problem["param"] for problem in answer.json()["errors"]] == [param]
    assert len(answer.content) < 1000


def test_a_key_that_comes_twice_is_refused(api: Api) -> None:  # W-9
    """Which of the two was meant, nobody can tell."""
    request = '{"model": "kirin_v1_6_t2v", "input": [{"params": {%s}}]}'
    body = request % '"prompt": "a", "mode": "best", "mode": "pro"'
    answer = api.http.post(GENERATION, content=body)
    assert_error(answer, 400, "invalid_parameters")
    (problem,) = answer.json()["errors"]
    assert (problem["param"], problem["code"]) == ("input[0].params.mode", "duplicate_key")
    quote = api.http.post("/model/v1/quote", content=body)
    assert quote.json()["errors"] == [problem]


def test_a_byte_order_mark_is_skipped(api: Api) -> None:  # W-9
    body = b'\xef\xbb\xbf{"model": "kirin_v1_6_t2v", "prompt": "a"}'
    assert api.http.post(GENERATION, content=body).status_code == 200


def test_all_that_is_wrong_is_told_at_once(api: Api) -> None:  # W-9
    wrong = {
        "prompt": "x" * 2501,
        "cfg_scale": 2,
        "mode": "best",
        "duration": "7",
        "watermark_info": {"enabled": "yes", "logo": "me.png"},
        "callback_url": "ftp://example.com",
        "external_task_id": "x" * 129,
        "image": "data:image/png;base64,AAAA",
        "static_mask": inline(),
        "dynamic_masks": [
            {"mask": "###", "trajectories": [{"x": 1, "y": 2}]},
            {"mask": inline(), "trajectories": [{"x": "left", "y": 2}, {"x": 1}, 7]},
            "brush",
        ],
        "colour": "red",
    }
    answer = api.create(I2V, **wrong)
    message = assert_error(answer, 400, "invalid_parameters")
    errors = answer.json()["errors"]
    assert {problem["param"]: problem["code"] for problem in errors} == {
        "prompt": "too_long",
        "cfg_scale": "out_of_range",
        "mode": "not_an_option",
        "duration": "not_an_option",
        "watermark_info.enabled": "wrong_type",
        "watermark_info.logo": "unknown_parameter",
        "callback_url": "not_a_url",
        "external_task_id": "too_long",
        "image": "data_url",
        "dynamic_masks[0].mask": "not_base64",
        "dynamic_masks[0].trajectories": "wrong_count",
        "dynamic_masks[1].trajectories[0].x": "wrong_type",
        "dynamic_masks[1].trajectories[1].y": "required",
        "dynamic_masks[1].trajectories[2]": "wrong_type",
        "dynamic_masks[2]": "wrong_type",
        "colour": "unknown_parameter",
    }
    for problem in errors:
        assert {type(problem[name]) for name in ("param", "code", "message")} == {str}
        assert f"{problem['param']}: {problem['message']}" in message


def test_cross_rules_are_told_with_the_others(api: Api) -> None:  # W-9 I2V-2 I2V-4
    problems = api.problems(
        I2V, image=inline(), image_tail=inline(), static_mask=inline(), duration=10, mode="best"
    )
    assert problems.keys() == {"image_tail", "static_mask", "mode"}


def test_rules_of_the_contract_are_named(api: Api) -> None:  # W-9
    answer = api.create(T2V, duration=7)
    rules = {problem["param"]: problem["rules"] for problem in answer.json()["errors"]}
    assert rules == {"prompt": ["T2V-1", "C-4"], "duration": ["T2V-4", "C-5"]}


@pytest.mark.parametrize("flat", [False, True])
def test_very_many_unknown_names_cost_little(api: Api, flat: bool) -> None:  # W-9
    junk = {f"prompt{number}": 1 for number in range(200_000)}
    body = {"model": T2V, **junk} if flat else {"model": T2V, "input": [], **junk}
    started = time.process_time()
    answer = api.http.post(GENERATION, json=body)
    assert time.process_time() - started < 20  # comparing each with each would take minutes
    assert_error(answer, 400, "invalid_parameters")
    assert len(answer.content) < 20_000
    assert "199980 more" in answer.text


@pytest.mark.parametrize("model", ["kirin_v1_6_t2w", "KIRIN_V1_I2V", "x" * 10_000, "é\n", " "])
def test_an_unknown_model(api: Api, model: str) -> None:  # W-9
    message = assert_error(api.create(model, prompt="a"), 404, "unknown_model")
    assert len(message) < 300


def test_an_unknown_model_is_told_its_nearest_neighbour(api: Api) -> None:  # W-9
    message = assert_error(api.create("kirin_v1.6_t2v", prompt="a"), 404, "unknown_model")
    assert "did you mean 'kirin_v1_6_t2v'?" in message


@pytest.mark.parametrize(
    "path", ["/unknown", "/model", "/model/v1/generations", "/docs", "/a%00b/../c"]
)
def test_an_unknown_address(api: Api, path: str) -> None:  # W-9
    assert_error(api.http.get(path), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", GENERATION),
        ("PUT", GENERATION),
        ("PATCH", f"{TASK}/x"),
        ("POST", MODELS),
        ("DELETE", f"{MODELS}/{T2V}/spec"),
        ("POST", "/files/results/a/1/video.mp4"),
    ],
)
def test_a_method_that_is_not_taken(api: Api, method: str, path: str) -> None:  # W-9
    answer = api.http.request(method, path)
    assert_error(answer, 405, "method_not_allowed")
    assert answer.headers["Allow"]


def test_a_body_of_more_than_40_million_bytes(api: Api) -> None:  # W-9
    at_the_limit = b'{"model": "' + b"x" * (40_000_000 - 13) + b'"}'
    assert len(at_the_limit) == 40_000_000
    assert_error(api.http.post(GENERATION, content=at_the_limit), 404, "unknown_model")
    message = assert_error(
        api.http.post(GENERATION, content=at_the_limit + b" "), 413, "body_too_large"
    )
    assert "40,000,000 bytes" in message
    assert "URL" in message


def test_a_bug_is_told_without_its_insides(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:  # W-9
    def break_down() -> int:
        raise ZeroDivisionError("the secret reason")

    task = api.make(T2V, prompt="a")
    for room in ("admission", "task_service"):
        monkeypatch.setattr(f"kirin.orchestration.{room}.now_ms", break_down)
    for answer in (api.create(T2V, prompt="a"), api.http.delete(f"{TASK}/{task.id}")):
        assert_error(answer, 500, "internal_error")
        assert "secret" not in answer.text
        assert "ZeroDivision" not in answer.text


@pytest.mark.parametrize(("method", "path"), KEYED)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer x"},
        {"Authorization": f"Bearer {new_secret()}"},
        {"Authorization": "Bearer kirin_sk_" + "a" * 38},
        {"Authorization": "Bearer " + "a" * 100_000},
        {"Authorization": "Bearer ключ-ключ-ключ-ключ".encode().decode("latin-1")},
        {"X-Api-Key": "whatever"},
    ],
    ids=lambda headers: str(headers)[:32],  # without the random part of a key
)
def test_no_key_no_answer(
    api: Api, method: str, path: str, headers: Mapping[str, Any]
) -> None:  # W-10
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    answer = api.stranger.request(method, path, headers=raw)
    assert_error(answer, 401, "invalid_api_key")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("scheme", ["Basic {}", "{}", "Token {}", "Bearer{}", "Bearer {} {}"])
def test_a_good_key_in_another_scheme(api: Api, scheme: str) -> None:  # W-10
    value = scheme.format(api.key, api.key)
    assert_error(api.stranger.get(TASK, headers={"Authorization": value}), 401, "invalid_api_key")


@pytest.mark.parametrize("scheme", ["Bearer {}", "bearer {}", "BEARER {}", "Bearer   {} "])
def test_the_scheme_is_read_generously(api: Api, scheme: str) -> None:  # W-10
    answer = api.stranger.get(TASK, headers={"Authorization": scheme.format(api.key)})
    assert answer.status_code == 200


def test_a_revoked_key_opens_nothing_from_then_on(api: Api) -> None:  # W-10
    assert api.http.get(TASK).status_code == 200
    with api.app.database.write() as connection:
        (key,) = [k for k in accounts.list_keys(connection) if k.account == api.account]
        assert accounts.revoke_key(connection, key.id, now_ms())
    assert_error(api.http.get(TASK), 401, "invalid_api_key")


def test_a_stranger_sends_no_megabytes(api: Api) -> None:  # W-10
    answer = api.stranger.post(GENERATION, content=b"x" * 41_000_000)
    assert_error(answer, 401, "invalid_api_key")


@pytest.mark.parametrize("path", OPEN)
def test_the_catalogue_takes_no_key(api: Api, path: str) -> None:  # W-10 W-11
    assert api.stranger.get(path).status_code == 200


@pytest.mark.parametrize("path", [TASK, f"{TASK}/x", "/nothing", MODELS])
def test_a_request_id_is_echoed(api: Api, path: str) -> None:  # W-10
    answer = api.http.get(path, headers={"X-Request-Id": "job-7:a.b_C"})
    assert answer.headers["X-Request-Id"] == "job-7:a.b_C"


@pytest.mark.parametrize("given", [None, "", "two words", "x" * 129, "a\tb", "é", "<script>"])
def test_a_request_id_is_made_where_none_is_good(api: Api, given: str | None) -> None:  # W-10
    headers = [] if given is None else [(b"X-Request-Id", given.encode("latin-1"))]
    ids = {api.http.get(TASK, headers=headers).headers["X-Request-Id"] for _ in range(2)}
    assert len(ids) == 2
    assert given not in ids
    assert all(16 <= len(id) <= 64 for id in ids)
