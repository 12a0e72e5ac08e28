"""All SQL about elements."""

from __future__ import annotations

import secrets
from collections.abc import Collection

from sqlalchemy import Connection, delete, insert, select

from kirin.database.rows import element_from_json, element_to_json
from kirin.database.tables import elements
from kirin.domain.subject import Subject, SubjectDraft

BITS = 53
"""Of an id: JavaScript clients get it as a number (rule EL-4)."""


def add(connection: Connection, account: str, draft: SubjectDraft, now: int) -> Subject:
    """Make a draft an element of the account; its id is random, so that none can be guessed."""
    element = Subject(1 + secrets.randbelow(2**BITS - 1), account, draft, now)
    connection.execute(insert(elements).values(element_to_json(element)))
    return element


def find(connection: Connection, account: str, ids: Collection[int]) -> dict[int, Subject]:
    """Those of the ids that are the account's own, by id."""
    query = select(elements).where(elements.c.account == account, elements.c.id.in_(ids))
    return {row.id: element_from_json(row._asdict()) for row in connection.execute(query)}


def of_account(connection: Connection, account: str) -> list[Subject]:
    """All of an account, the newest first."""
    query = select(elements).where(elements.c.account == account)
    newest_first = query.order_by(elements.c.created_at.desc(), elements.c.id)
    return [element_from_json(row._asdict()) for row in connection.execute(newest_first)]


def remove(connection: Connection, account: str, id: int) -> bool:
    """Delete an element; ``False`` where the account has none of that id.

    Tasks that use it go on: they hold a copy of what they need.
    """
    mine = (elements.c.account == account, elements.c.id == id)
    return connection.execute(delete(elements).where(*mine)).rowcount == 1
