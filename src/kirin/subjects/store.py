"""All SQL about subjects."""

from __future__ import annotations

import secrets
from collections.abc import Collection

from sqlalchemy import Connection, delete, insert, select

from kirin.database.rows import subject_from_json, subject_to_json
from kirin.database.tables import subjects
from kirin.domain.subject import Subject, SubjectDraft

BITS = 53
"""Of an id, which JavaScript clients get as a number (rule EL-4)."""


def add(connection: Connection, account: str, draft: SubjectDraft, now: int) -> Subject:
    """Insert a subject of an account; its id is random, so that it cannot be guessed."""
    subject = Subject(1 + secrets.randbelow(2**BITS - 1), account, draft, now)
    connection.execute(insert(subjects).values(subject_to_json(subject)))
    return subject


def find(connection: Connection, account: str, ids: Collection[int]) -> dict[int, Subject]:
    """The account's subjects among these ids, by id."""
    query = select(subjects).where(subjects.c.account == account, subjects.c.id.in_(ids))
    return {row.id: subject_from_json(row._asdict()) for row in connection.execute(query)}


def of_account(connection: Connection, account: str) -> list[Subject]:
    """All subjects of an account, newest first."""
    query = select(subjects).where(subjects.c.account == account)
    newest_first = query.order_by(subjects.c.created_at.desc(), subjects.c.id)
    return [subject_from_json(row._asdict()) for row in connection.execute(newest_first)]


def remove(connection: Connection, account: str, id: int) -> bool:
    """Delete a subject; ``False`` if the account has none with this id.

    Tasks that use it are not affected: they store a copy of what they need.
    """
    mine = (subjects.c.account == account, subjects.c.id == id)
    return connection.execute(delete(subjects).where(*mine)).rowcount == 1
