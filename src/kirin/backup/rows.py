"""Rows of a table as lines of JSON, from and to either database.

JSON columns are text here, as they are stored: SQL's NULL and JSON's null stay two values. Bytes
are base64.
"""

from __future__ import annotations

import gzip
import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    LargeBinary,
    String,
    Table,
    bindparam,
    cast,
    insert,
    select,
)

from kirin.errors import KirinError

AT_A_TIME: Final = 500
"""Rows in memory."""

VALUE: Final = "value_"
"""What the names of parameters start with: those of columns are taken."""

LONGEST_LINE: Final = 2**28
"""Bytes of a row: a request has at most some tens of millions."""


def dump(connection: Connection, table: Table, target: Path) -> int:
    """Write all rows of a table, compressed.

    Args:
        connection: one with a consistent snapshot.
        target: the file to write.

    Returns:
        How many there were.
    """
    chosen = [
        cast(column, String).label(column.name) if _is_json(column) else column
        for column in table.columns
    ]
    query = select(*chosen).order_by(*table.primary_key.columns)
    count = 0
    with gzip.open(target, "wt", encoding="utf-8", compresslevel=6) as file:
        for row in connection.execute(query, execution_options={"yield_per": AT_A_TIME}):
            values = {
                name: b64encode(value).decode() if isinstance(value, bytes) else value
                for name, value in row._mapping.items()
            }
            file.write(json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n")
            count += 1
    return count


def load(connection: Connection, table: Table, source: IO[bytes]) -> int:
    """Insert the rows of a file into an empty table.

    Args:
        connection: in a transaction.
        table: as it is in the database that is restored to.

    Returns:
        How many there were.

    Raises:
        KirinError: the file has no such rows.
    """
    statement = insert(table).values(
        {column.name: _given(connection, column) for column in table.c}
    )
    count = 0
    rows = _rows(source, table)
    while some := list(islice(rows, AT_A_TIME)):
        connection.execute(statement, some)
        count += len(some)
    return count


def _given(connection: Connection, column: Column[Any]) -> Any:
    """The parameter of a column's value."""
    if not _is_json(column):
        return bindparam(f"{VALUE}{column.name}")
    text = bindparam(f"{VALUE}{column.name}", type_=String)
    return cast(text, JSON) if connection.dialect.name == "postgresql" else text


def _rows(source: IO[bytes], table: Table) -> Iterator[Mapping[str, Any]]:
    binary = {column.name for column in table.c if isinstance(column.type, LargeBinary)}
    names = set(table.c.keys())
    with gzip.open(source, "rb") as lines:
        try:
            while line := lines.readline(LONGEST_LINE):
                row = json.loads(line)
                if row.keys() != names:
                    raise ValueError("its columns are others")
                yield {
                    f"{VALUE}{name}": b64decode(value)
                    if name in binary and value is not None
                    else value
                    for name, value in row.items()
                }
        except (ValueError, OSError, EOFError, AttributeError) as error:
            message = f"the archive's rows of {table.name} are not readable: {error}"
            raise KirinError(message) from None


def _is_json(column: Column[Any]) -> bool:
    return isinstance(column.type, JSON)
