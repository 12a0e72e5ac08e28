"""Raw base64: strict, and clear about what is wrong."""

from __future__ import annotations

import base64 as standard

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kirin.media.base64 import decode, is_url
from kirin.media.refusal import MediaRefused


def refused(text: str, most: int = 1000) -> MediaRefused:
    with pytest.raises(MediaRefused) as caught:
        decode(text, most)
    return caught.value


@given(st.binary(min_size=1, max_size=100))
def test_round_trip(data: bytes) -> None:  # C-1
    text = standard.b64encode(data).decode()
    assert not is_url(text)
    assert decode(text, len(data)) == data
    assert refused(text, len(data) - 1).code == "too_many_bytes"


def test_wrapped_as_tools_do() -> None:  # C-1
    data = bytes(range(256))
    assert decode(standard.encodebytes(data).decode(), 256) == data
    assert decode("QUJD\r\nREVG\r\n", 6) == b"ABCDEF"


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("", "empty", "URL or base64"),
        ("  \n", "empty", "URL or base64"),
        ("data:image/png;base64,QUJD", "data_url", "strip"),
        ("DATA:,x", "data_url", "strip"),
        (" data:image/jpeg;base64,QUJD", "data_url", "strip"),
        ("ftp://example.com/a.png", "scheme", "http or https"),
        ("file:///etc/passwd", "scheme", "http or https"),
        ("gs://bucket/a.png", "scheme", "http or https"),
        ("https://example.com/a.png", "not_base64", "URL"),
        ("www.example.com/a.png", "not_base64", "character 4 is '.'"),
        ("QUI", "not_base64", "padding"),
        ("QUJDR", "not_base64", "padding"),
        ("Q===", "not_base64", "padding"),
        ("Q_-D", "not_base64", "base64url"),
        ("QU JD", "not_base64", "character 3"),
        ("QU=D", "not_base64", "character 3"),
        ("图片", "not_base64", "character 1"),
    ],
)
def test_what_is_refused_and_why(text: str, code: str, hint: str) -> None:  # C-1
    error = refused(text)
    assert (error.code, error.rules) == (code, ("C-1",))
    assert hint in error.message


@pytest.mark.parametrize("text", ["http://a", "HTTPS://a/b", "hTtp:a"])
def test_urls(text: str) -> None:  # C-1
    assert is_url(text)


def test_size_is_refused_before_decoding() -> None:  # C-2
    assert refused("!" * 2000, 1000).code == "too_many_bytes"
