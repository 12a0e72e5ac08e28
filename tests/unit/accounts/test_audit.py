"""The audit: every act of an operator, once, with who and when."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import Connection

from kirin.accounts import administration, audit
from kirin.accounts.audit import Actor
from kirin.accounts.limits import Limits
from kirin.catalogue.registry import built_in
from kirin.errors import AlreadyThere, UnknownKey

ME = Actor("key:key_1", "192.0.2.7", "request-1")


def test_every_act_is_written_down(connection: Connection) -> None:
    owner = administration.create_account(connection, ME, "mine", 1)
    key, _ = administration.create_key(connection, ME, owner, "laptop", 2)
    administration.limit_key(connection, ME, key.id, Limits(queued_tasks=3), 3)
    administration.rotate_key(connection, ME, key.id, 4, 1000)
    administration.revoke_key(connection, ME, key.id, 5)
    administration.top_up(connection, ME, owner, Decimal("2.5"), 6, reference="inv-1")
    entries = audit.page(connection, 10)
    assert [(entry.at, entry.action) for entry in entries] == [
        (6, "account.topped_up"),
        (5, "key.revoked"),
        (4, "key.rotated"),
        (3, "key.changed"),
        (2, "key.created"),
        (1, "account.created"),
    ]
    assert {(e.actor, e.address, e.request_id, e.account) for e in entries} == {
        (ME.name, ME.address, ME.request_id, owner.id)
    }
    assert entries[0].details == {"amount": "2.5000", "reference": "inv-1", "note": ""}
    assert entries[3].details["after"]["queued_tasks"] == 3


def test_what_did_not_happen_is_not_written_down(connection: Connection) -> None:
    owner = administration.create_account(connection, ME, "mine", 1)
    administration.top_up(connection, ME, owner, Decimal(1), 2, reference="inv-1")
    before = audit.page(connection, 10)
    with pytest.raises(AlreadyThere):
        administration.create_account(connection, ME, "mine", 3)
    with pytest.raises(AlreadyThere):
        administration.top_up(connection, ME, owner, Decimal(1), 3, reference="inv-1")
    with pytest.raises(UnknownKey):
        administration.revoke_key(connection, ME, "key_nothing", 3)
    assert audit.page(connection, 10) == before


def test_prices_are_written_down_when_they_change(connection: Connection) -> None:
    prices = {card.id: card.price.told() for card in built_in()}
    assert administration.note_prices(connection, ME, prices, 1)
    assert not administration.note_prices(connection, ME, prices, 2)
    raised = {**prices, "kirin_v1_i2v": {**prices["kirin_v1_i2v"], "unit": 1}}
    assert administration.note_prices(connection, ME, raised, 3)
    newest, oldest = audit.page(connection, 10, action="prices.changed")
    assert newest.details["kirin_v1_i2v"]["unit"] == 1
    assert oldest.details["kirin_v1_i2v"]["rates"] == {"std": "0.14", "pro": "0.49"}
