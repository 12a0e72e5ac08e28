"""The subject library: each account's own, found by exact ids."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from kirin.accounts import store as accounts
from kirin.database.engine import Database
from kirin.domain.assets import Asset, AssetKind
from kirin.domain.subject import SubjectDraft, SubjectKind
from kirin.errors import UnknownSubject
from kirin.subjects import store
from kirin.subjects.library import Library

VIEW = Asset("ab" * 32, AssetKind.IMAGE, "image/png", 9, 640, 360)
DRAFT = SubjectDraft(
    "Ada 馬", "A woman in a green coat", SubjectKind.IMAGE, (VIEW,), None, ("o_101",)
)


def account(connection: Connection, name: str = "mine") -> str:
    return accounts.ensure_account(connection, name, 1)


def test_an_element_comes_back_as_it_was_written(connection: Connection) -> None:  # EL-4
    owner = account(connection)
    element = store.add(connection, owner, DRAFT, 5)
    assert 0 < element.id < 2**53
    assert store.find(connection, owner, [element.id, 2**62]) == {element.id: element}
    assert store.of_account(connection, owner) == [element]


def test_others_neither_see_nor_remove_it(connection: Connection) -> None:  # EL-5
    owner, other = account(connection), account(connection, "yours")
    element = store.add(connection, owner, DRAFT, 5)
    assert store.find(connection, other, [element.id]) == {}
    assert not store.remove(connection, other, element.id)
    assert store.remove(connection, owner, element.id)
    assert not store.remove(connection, owner, element.id)


def test_the_newest_come_first(connection: Connection) -> None:
    owner = account(connection)
    elements = [store.add(connection, owner, DRAFT, time) for time in (20, 10, 30)]
    times = [element.created_at for element in store.of_account(connection, owner)]
    assert times == [30, 20, 10]
    assert len({element.id for element in elements}) == 3


def test_the_library_says_what_it_has_not(database: Database) -> None:
    library = Library(database)
    with database.write() as connection:
        owner = account(connection)
        element = store.add(connection, owner, DRAFT, 5)
    assert library.get(owner, element.id) == element
    assert library.all(owner) == [element]
    assert library.some(owner, []) == {}
    library.remove(owner, element.id)
    for act in (library.get, library.remove):
        with pytest.raises(UnknownSubject):
            act(owner, element.id)
