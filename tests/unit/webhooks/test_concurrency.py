"""Slots for deliveries: capped by account and host, and some always left for others."""

from __future__ import annotations

import pytest

from kirin.webhooks.concurrency import DeliverySlots, host_of, origin_of
from kirin.webhooks.outbox import Webhook


def message(number: int, account: str, url: str) -> Webhook:
    return Webhook(f"{account}{number}", "task", 0, account, url, None, {}, 0, 0)


def fill(slots: DeliverySlots, account: str, url: str) -> int:
    """How many slots an account gets at a host."""
    return sum(slots.acquire(message(n, account, url)) for n in range(100))


def test_an_account_has_its_cap() -> None:
    slots = DeliverySlots(total=32, per_account=12, per_host=8)
    assert fill(slots, "a", "http://one.test/") == 8
    assert fill(slots, "a", "http://two.test/") == 4
    assert slots.free == 20
    assert slots.saturated().accounts == {"a"}
    assert slots.saturated().origins == {"http://one.test"}


def test_a_host_has_its_cap_whoever_names_it_and_however() -> None:
    slots = DeliverySlots(total=32, per_account=12, per_host=8)
    assert fill(slots, "a", "http://one.test/") == 8
    assert fill(slots, "b", "https://ONE.test.:8443/x") == 0
    assert fill(slots, "b", "http://two.test/") == 8


def test_many_slow_accounts_leave_room_for_the_next() -> None:
    slots = DeliverySlots(total=32, per_account=12, per_host=8)
    shares = [fill(slots, name, f"http://{name}.test/") for name in "abcdefgh"]
    assert shares[:3] == [8, 8, 8]
    assert all(shares[:6])


def test_a_slot_comes_back() -> None:
    slots = DeliverySlots(total=4, per_account=1, per_host=1)
    first = message(1, "a", "http://one.test/")
    assert slots.acquire(first)
    assert not slots.acquire(message(2, "a", "http://one.test/"))
    slots.release(first)
    assert slots.saturated().accounts == set()
    assert slots.acquire(message(2, "a", "http://one.test/"))


def test_a_message_has_one_slot() -> None:
    slots = DeliverySlots()
    assert slots.acquire(message(1, "a", "http://one.test/"))
    assert not slots.acquire(message(1, "a", "http://one.test/"))


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://a.test", "a.test"),
        ("http://A.test:80/x", "a.test"),
        ("https://a.test?b=//c.test", "a.test"),
        ("https://[2001:db8::1]:8443/", "[2001:db8::1]"),
    ],
)
def test_hosts(url: str, host: str) -> None:
    assert host_of(origin_of(url)) == host
