"""The egress: no way of writing an address of ours gets past it."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from ipaddress import ip_address

import pytest

from kirin.media.addresses import is_public, literal
from kirin.media.egress import LONGEST_URL, EgressPolicy, UrlRefused

OURS = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",  # noqa: S104 - nothing is bound
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",  # metadata
    "168.63.129.16",  # Azure's
    "100.64.0.1",  # carrier-grade NAT
    "100.100.100.200",  # Alibaba's metadata
    "192.0.0.192",  # Oracle's
    "198.18.0.1",
    "192.0.2.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fec0::1",
    "fc00::1",
    "fd00:ec2::254",  # AWS's metadata
    "ff02::1",
    "2001:db8::1",
    "3fff::1",
    "::ffff:127.0.0.1",
    "::ffff:a9fe:a9fe",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",  # Teredo
]

THEIRS = [
    "8.8.8.8",
    "1.1.1.1",
    "172.32.0.1",
    "100.128.0.1",
    "2606:4700:4700::1111",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
]


@pytest.mark.parametrize("address", OURS)
def test_ours_are_refused(address: str) -> None:
    assert not is_public(ip_address(address))
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(UrlRefused) as caught:
        EgressPolicy().check_url(f"https://{host}/secret")
    assert caught.value.code == "not_public"


@pytest.mark.parametrize("address", THEIRS)
def test_theirs_are_not(address: str) -> None:
    assert is_public(ip_address(address))
    host = f"[{address}]" if ":" in address else address
    EgressPolicy().check_url(f"https://{host}:8443/picture.png?a=b#c")


@pytest.mark.parametrize(
    "host",
    ["2130706433", "0x7f.1", "0x7f000001", "127.1", "017700000001", "0x7f.0.0.0x1", "127.0.1"],
)
def test_loopback_in_odd_spellings(host: str) -> None:
    assert str(literal(host)).startswith("127.0.")
    with pytest.raises(UrlRefused, match="public"):
        EgressPolicy().check_url(f"http://{host}/")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://example.com/a", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("//example.com/a", "scheme"),
        ("example.com/a", "scheme"),
        ("", "scheme"),
        ("http://user:secret@example.com/", "userinfo"),
        ("http://user@example.com/", "userinfo"),
        ("http://a\\@example.com/", "userinfo"),
        ("http:///a", "malformed_url"),
        ("http:a", "malformed_url"),
        ("http://0177.0.0.1/", "malformed_url"),
        ("http://１２７.0.0.1/", "malformed_url"),
        ("http://a b/", "malformed_url"),
        ("http://h%31/", "malformed_url"),
        ("http://[fe80::1%25eth0]/", "malformed_url"),
        ("http://example.com:0/", "malformed_url"),
        ("http://example.com:65536/", "malformed_url"),
        ("http://example.com:x/", "malformed_url"),
        ("http://exam\tple.com/", "malformed_url"),
        ("http://[::1/", "malformed_url"),
        ("http://example.com/" + "a" * LONGEST_URL, "malformed_url"),
        ("http://localhost/", "not_public"),
        ("http://LOCALHOST.:80/", "not_public"),
        ("http://kirin.localhost/", "not_public"),
        ("http://127。0。0。1/", "not_public"),
    ],
)
def test_urls_that_are_refused(url: str, code: str) -> None:
    with pytest.raises(UrlRefused) as caught:  # C-7
        EgressPolicy().check_url(url)
    assert caught.value.code == code
    assert "secret" not in caught.value.message


def test_names_are_not_looked_up_for_a_check() -> None:
    def never(host: str, port: int) -> Sequence[str]:
        raise AssertionError

    EgressPolicy(resolve=never).check_url("https://bücher.example/callback")


def test_what_the_operator_allows() -> None:
    egress = EgressPolicy(allow=("127.0.0.1/32", "Files.Internal", "10.0.0.0/8", "fd00::/8"))
    for url in ("http://127.0.0.1/", "http://10.9.8.7:81/", "http://[fd00::1]/", "http://0x7f.1/"):
        egress.check_url(url)
    egress.check_url("http://[::ffff:10.1.1.1]/")
    egress.check_url("http://localhost/")
    for url in ("http://127.0.0.2/", "http://192.168.0.1/", "http://[::1]/"):
        with pytest.raises(UrlRefused):
            egress.check_url(url)


def test_addresses_are_filtered() -> None:
    known = {"mixed": ["10.0.0.1", "8.8.8.8", "::1"], "ours": ["127.0.0.1"], "files": ["10.0.0.1"]}

    def resolve(host: str, port: int) -> Sequence[str]:
        try:
            return known[host]
        except KeyError:
            raise socket.gaierror from None

    egress = EgressPolicy(allow=("files",), resolve=resolve)
    assert egress.addresses("mixed", 80) == ["8.8.8.8"]
    assert egress.addresses("files", 80) == ["10.0.0.1"]
    assert egress.addresses("0x08.8.8.8", 80) == ["8.8.8.8"]
    with pytest.raises(UrlRefused) as caught:
        egress.addresses("ours", 80)
    assert "127" not in caught.value.message  # our network is not mapped for strangers
    with pytest.raises(socket.gaierror):
        egress.addresses("nowhere", 80)
