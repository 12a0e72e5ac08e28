"""Statements that are compiled once, for what every request does.

SQLAlchemy looks up, binds and unpacks each statement anew, in five to ten times the time that
SQLite takes for it. So on SQLite a prepared one goes to the driver as it was compiled; its errors
are still SQLAlchemy's. On PostgreSQL the network takes most of the time, and connections break:
there SQLAlchemy executes it as any other.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Executable
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement

Parameters = Mapping[str, Any]

_Processor = Callable[[Any], Any]


class Prepared:
    """A statement whose parameters have the same names each time."""

    def __init__(self, statement: Executable) -> None:
        """Prepare a statement; it is compiled at its first use.

        Args:
            statement: its result, if it has one, is of numbers and texts alone.
        """
        self._statement = statement
        self._compiled: _Compiled | None = None

    def execute(self, connection: Connection, parameters: Parameters) -> int:
        """Execute it, within a transaction.

        Returns:
            How many rows an UPDATE has changed.

        Raises:
            sqlalchemy.exc.DBAPIError: the database refuses it, or is away.
        """
        if connection.dialect.name != "sqlite":
            return connection.execute(self._statement, parameters).rowcount
        compiled = self._for(connection, parameters)
        return compiled.execute(connection, compiled.bind(parameters)).rowcount

    def first(self, connection: Connection, parameters: Parameters) -> Sequence[Any] | None:
        """Execute it: the first row of its result, or ``None`` if it has none.

        Raises:
            sqlalchemy.exc.DBAPIError: as :meth:`execute`.
        """
        if connection.dialect.name != "sqlite":
            return connection.execute(self._statement, parameters).first()
        compiled = self._for(connection, parameters)
        return compiled.first(connection, compiled.bind(parameters))

    def _for(self, connection: Connection, parameters: Parameters) -> _Compiled:
        compiled = self._compiled
        if compiled is None:
            # Several threads may do this at once, to the same end.
            compiled = self._compiled = _Compiled(self._statement, connection, parameters)
        return compiled


class _Compiled:
    """A statement as SQLite's driver takes it."""

    def __init__(
        self, statement: Executable, connection: Connection, parameters: Parameters
    ) -> None:
        if not isinstance(statement, ClauseElement):
            raise TypeError(f"{statement!r} cannot be compiled")
        dialect = connection.dialect
        compiled: Any = statement.compile(dialect=dialect, column_keys=list(parameters))
        self._text = str(compiled)
        self._constants = {
            name: value for name, value in compiled.params.items() if name not in parameters
        }
        self._names: list[str] = compiled.positiontup or []
        self._count = len(parameters)
        found: list[_Processor | None] = [
            compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)
            for name in self._names
        ]
        self._processors = [(at, each) for at, each in enumerate(found) if each is not None]

    def bind(self, parameters: Parameters) -> list[Any]:
        """The values in the order of the statement."""
        if len(parameters) != self._count:
            raise ValueError(f"the statement takes {self._count} parameters: {self._text}")
        given = {**self._constants, **parameters} if self._constants else parameters
        values = [given[name] for name in self._names]
        for at, process in self._processors:
            values[at] = process(values[at])
        return values

    def execute(self, connection: Connection, values: list[Any]) -> sqlite3.Cursor:
        """Execute it."""
        driver: Any = connection.connection.dbapi_connection
        try:
            cursor: sqlite3.Cursor = driver.execute(self._text, values)
        except sqlite3.Error as error:
            raise self._wrapped(connection, error) from error
        return cursor

    def first(self, connection: Connection, values: list[Any]) -> Sequence[Any] | None:
        """The first row of its result; what is left of it is dropped."""
        cursor = self.execute(connection, values)
        try:
            row: Sequence[Any] | None = cursor.fetchone()
        except sqlite3.Error as error:
            raise self._wrapped(connection, error) from error
        finally:
            cursor.close()
        return row

    def _wrapped(self, connection: Connection, error: sqlite3.Error) -> BaseException:
        # Without the parameters: prompts are among them, and errors are logged.
        return DBAPIError.instance(
            self._text,
            None,
            error,
            sqlite3.Error,
            hide_parameters=True,
            dialect=connection.dialect,
        )
