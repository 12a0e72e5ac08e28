"""Prepared statements: to their users they are as any other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError, OperationalError

from kirin.database.engine import Database
from kirin.database.prepared import Prepared

things = Table(
    "prepared_things",
    MetaData(),
    Column("name", String(32), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("notes", JSON(none_as_null=True)),
)
ADD = Prepared(insert(things))
RAISE = Prepared(
    update(things)
    .where(things.c.name == bindparam("which"), things.c.count < 3)
    .values(count=things.c.count + 1)
    .returning(things.c.count)
)
RENAME = Prepared(
    update(things).where(things.c.name == bindparam("old")).values(name=bindparam("new"))
)


@pytest.fixture
def connection(connection: Connection) -> Iterator[Connection]:
    things.create(connection)
    yield connection
    things.drop(connection)


def thing(name: str, facts: object = None, notes: object = None) -> dict[str, object]:
    return {"name": name, "count": 1, "facts": facts, "notes": notes}


def test_values_arrive_as_their_columns_say(connection: Connection) -> None:
    rows = [
        thing("a", {}, None),
        thing("b", [], {}),
        thing("c", {"雪": [1, None]}, []),
        thing("d", "", 0),
    ]
    for row in rows:
        ADD.execute(connection, row)
    found = connection.execute(select(things).order_by(things.c.name)).mappings().all()
    assert [dict(row) for row in found] == rows
    empty = select(things.c.name).where(things.c.notes.is_(None))
    assert connection.execute(empty).scalars().all() == ["a"]


def test_results_and_numbers_of_rows(connection: Connection) -> None:
    ADD.execute(connection, thing("a", {}))
    assert [RAISE.first(connection, {"which": "a"}) for _ in range(3)] == [(2,), (3,), None]
    assert RAISE.first(connection, {"which": "b"}) is None
    assert RENAME.execute(connection, {"old": "a", "new": "b"}) == 1
    assert RENAME.execute(connection, {"old": "a", "new": "c"}) == 0


def test_errors_are_those_of_sqlalchemy_and_tell_no_values(connection: Connection) -> None:
    ADD.execute(connection, thing("secret prompt", {}))
    with pytest.raises(IntegrityError) as refused, connection.begin_nested():
        ADD.execute(connection, thing("secret prompt", {}))
    assert "prepared_things" in str(refused.value)
    assert "secret" not in str(refused.value).partition("DETAIL")[0]


def test_another_number_of_parameters_is_a_mistake(database: Database) -> None:
    if database.remote:
        pytest.skip("SQLAlchemy compiles anew there")
    with database.write() as connection:
        things.create(connection)
        ADD.execute(connection, thing("a", {}))
        with pytest.raises(ValueError, match="takes 4 parameters"):
            ADD.execute(connection, {**thing("b", {}), "more": 1})
        things.drop(connection)
    with database.read() as connection, pytest.raises(OperationalError, match="no such table"):
        ADD.execute(connection, thing("c", {}))
