"""Answers that are the same for everybody are compressed, where that is taken and worth it."""

from __future__ import annotations

import gzip
import json

import pytest
from fastapi import Request

from kirin.http.packing import LEAST_BYTES, public_response, takes_gzip


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [
        ("", False),
        ("br", False),
        ("gzip", True),
        ("br, GZIP;q=0.5, *", True),
        ("gzip; q=1.0", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000, br", False),
        ("gzip;q=0.001", True),
        ("xgzip", False),
    ],
)
def test_what_is_accepted_is_read(accepted: str, takes: bool) -> None:
    assert takes_gzip(accepted) is takes


def test_only_long_answers_are_compressed() -> None:
    request = Request({"type": "http", "headers": [(b"accept-encoding", b"gzip")]})
    frame = len(json.dumps("").encode())
    for length, packed in ((LEAST_BYTES - frame - 1, False), (LEAST_BYTES - frame, True)):
        answer = public_response(request, "x" * length)
        assert ("content-encoding" in answer.headers) is packed
        assert answer.headers["vary"] == "Accept-Encoding"
        body = bytes(answer.body)
        assert json.loads(gzip.decompress(body) if packed else body) == "x" * length
        assert answer.headers["content-length"] == str(len(body))


def test_the_same_answer_has_the_same_bytes() -> None:
    request = Request({"type": "http", "headers": [(b"accept-encoding", b"gzip")]})
    first, second = (public_response(request, ["y" * 5000]) for _ in range(2))
    assert first.body == second.body
