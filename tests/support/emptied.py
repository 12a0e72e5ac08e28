"""A PostgreSQL database that a test has used, brought back to what it was at first.

To make another costs a third of a second of a processor; this costs a twentieth of that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier, Literal

_TABLES = """
    SELECT schemaname, tablename FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
"""
_SEQUENCES = """
    SELECT schemaname, sequencename, coalesce(last_value, start_value), last_value IS NOT NULL
    FROM pg_sequences
"""
_SHAPE = """
    SELECT (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_attribute),
        (SELECT count(*) FROM pg_attrdef), (SELECT count(*) FROM pg_constraint),
        (SELECT count(*) FROM pg_proc), (SELECT count(*) FROM pg_trigger)
"""


@dataclass(frozen=True)
class FirstState:
    """What a database held when it was new.

    Attributes:
        shape: counts of what its schema is made of.
        rows: what each table held, as ``COPY`` writes it.
        sequences: the last value of each sequence, its first, and whether it was called.
    """

    shape: tuple[Any, ...]
    rows: dict[tuple[str, str], bytes]
    sequences: list[tuple[str, str, int, bool]]

    @classmethod
    def of(cls, url: str) -> FirstState:
        """Look at a new database."""
        with psycopg.connect(url, autocommit=True) as connection:
            tables = connection.execute(_TABLES).fetchall()
            rows = {}
            for schema, table in tables:
                copy = SQL("COPY {} TO STDOUT").format(Identifier(schema, table))
                with connection.cursor().copy(copy) as out:
                    rows[schema, table] = b"".join(bytes(piece) for piece in out)
            sequences = connection.execute(_SEQUENCES).fetchall()
            shape = connection.execute(_SHAPE).fetchone()
        return cls(shape or (), rows, sequences)

    def restore(self, url: str) -> bool:
        """Bring a database back to it, whoever is still connected.

        Returns:
            whether that was done: a schema that has changed is not mended.
        """
        with psycopg.connect(url) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if connection.execute(_SHAPE).fetchone() != self.shape:
                return False
            # No triggers: some tables can only be added to.
            connection.execute("SET LOCAL session_replication_role = replica")
            steps = [SQL("DELETE FROM {}").format(Identifier(*table)) for table in self.rows]
            for schema, name, value, called in self.sequences:
                sequence = Literal(f'"{schema}"."{name}"')
                steps.append(
                    SQL("SELECT setval({}, {}, {})").format(
                        sequence, Literal(value), Literal(called)
                    )
                )
            connection.execute(SQL("; ").join(steps))
            for table, content in self.rows.items():
                if content:
                    copy = SQL("COPY {} FROM STDIN").format(Identifier(*table))
                    with connection.cursor().copy(copy) as into:
                        into.write(content)
        return True
