"""Signed links: unguessable, expiring, the same for who polls."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kirin.errors import SignatureRefused
from kirin.storage.links import Links

SECRET = b"0123456789abcdef"
KEY = "results/task/1/video.mp4"
NOW = 1_700_000_000.5


def parts(link: str) -> tuple[str, str, str]:
    split = urlsplit(link)
    query = parse_qs(split.query, strict_parsing=True)
    return split.path, query["expires"][0], query["signature"][0]


@pytest.mark.parametrize("lifetime", [1, 60, 3600, 86_400, 30 * 86_400])
def test_good_for_its_lifetime_and_not_much_longer(lifetime: int) -> None:  # W-5
    links = Links(SECRET, lifetime)
    key, expires, signature = parts(links.sign(KEY, NOW))
    assert key == KEY
    links.check(key, expires, signature, NOW)
    links.check(key, expires, signature, NOW + lifetime - 1)
    with pytest.raises(SignatureRefused):
        links.check(key, expires, signature, NOW + 2 * lifetime + 1)
    with pytest.raises(SignatureRefused):
        links.check(key, expires, signature, NOW + lifetime + 3601)


def test_polling_gives_the_same_link() -> None:  # W-5
    links = Links(SECRET, 86_400)
    start = NOW // 3600 * 3600
    assert len({links.sign(KEY, start + second) for second in range(1, 3600, 7)}) == 1
    assert links.sign(KEY, start + 1) != links.sign(KEY, start + 3601)


def test_nothing_can_be_changed() -> None:  # W-5
    links = Links(SECRET, 3600)
    key, expires, signature = parts(links.sign(KEY, NOW))
    flipped = ("B" if signature[0] == "A" else "A") + signature[1:]
    for changed in (
        ("results/other/1/video.mp4", expires, signature),
        (key, str(int(expires) + 1), signature),
        (key, "0" + expires, signature),
        (key, "9" * 20, signature),
        (key, "", signature),
        (key, expires, ""),
        (key, expires, signature[:-1]),
        (key, expires, signature + "="),
        (key, expires, flipped),
    ):
        with pytest.raises(SignatureRefused):
            links.check(*changed, NOW)
    with pytest.raises(SignatureRefused):
        Links(SECRET[::-1], 3600).check(key, expires, signature, NOW)


@given(st.text(), st.text(), st.text())
def test_rubbish_is_refused_and_nothing_worse(key: str, expires: str, signature: str) -> None:
    with pytest.raises(SignatureRefused):  # W-5
        Links(SECRET, 3600).check(key, expires, signature, NOW)


def test_setting_up() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        Links(b"short", 3600)
    with pytest.raises(ValueError, match="positive"):
        Links(SECRET, 0)
    with pytest.raises(ValueError, match="key"):
        Links(SECRET, 3600).sign("../secret", NOW)


def test_an_expired_link_is_renewed() -> None:
    links = Links(SECRET, 3600)
    old = links.url("https://kirin.test/files/of", KEY, NOW)
    new = links.renew(old, NOW + 10 * 86_400)
    assert new == links.url("https://kirin.test/files/of", KEY, NOW + 10 * 86_400)
    assert links.key_of(new, NOW + 10 * 86_400) == KEY


def test_what_was_not_signed_here_is_not_renewed() -> None:
    foreign = Links(SECRET[::-1], 3600).url("https://kirin.test", KEY, NOW)
    for url in (foreign, "https://example.com/a.mp4", "", "http://[", f"/files/{KEY}"):
        assert Links(SECRET, 3600).renew(url, NOW) == url
