"""The words that tasks are found by: their prompts, ids and external ids, in small letters.

They lie in a table of their own (:data:`kirin.database.tables.task_words`): a search reads through
all of an account where nothing fits, and rows of tasks are wide.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, delete, insert, select

from kirin.database.prepared import Prepared
from kirin.database.tables import task_words, tasks
from kirin.domain.task import Task

SPOKEN: Final = ("prompt", "element_name")
"""Parameters, at any depth, whose text describes what is to be seen. Not negative prompts: who
looks for rain does not look for a video without it."""


def fold(text: str) -> str:
    """Text as it is compared: full-width letters are letters, capitals are small."""
    return unicodedata.normalize("NFKC", text).casefold()


def prompts_of(params: Mapping[str, Any]) -> Sequence[str]:
    """What a request describes, in its order: its prompt, those of its shots, a subject's name."""
    return tuple(text for text in _spoken(params) if text.strip())


_ADD = Prepared(insert(task_words))


def insert_words(connection: Connection, task: Task) -> None:
    """Write down the words of a new task."""
    text = "\n".join((*prompts_of(task.params), task.external_id or "", task.id))
    _ADD.execute(
        connection,
        {
            "account": task.account,
            "created_at": task.created_at,
            "task": task.id,
            "words": fold(text),
        },
    )


def delete_words(connection: Connection, ids: Collection[str]) -> None:
    """Forget the words of tasks, whose rows must still be there."""
    query = select(tasks.c.account, tasks.c.created_at, tasks.c.id).where(tasks.c.id.in_(ids))
    for row in connection.execute(query).all():
        connection.execute(
            delete(task_words).where(
                task_words.c.account == row.account,
                task_words.c.created_at == row.created_at,
                task_words.c.task == row.id,
            )
        )


Ordered = tuple[Select[Any], tuple[ColumnElement[Any], ColumnElement[Any]]]
"""A query of tasks, and the columns of their creation time and id to order it by."""


def listed(account: str) -> Ordered:
    """All tasks of an account."""
    return (
        select(tasks).where(tasks.c.account == account),
        (tasks.c.created_at, tasks.c.id),
    )


def found_by(account: str, words: Collection[str]) -> Ordered:
    """The tasks of an account in whose words each of these occurs, anywhere.

    The order is that of the words' own table, so that they are read until a page is full.

    Args:
        words: folded; every character counts, those too that patterns of SQL give a meaning.
    """
    query = (
        select(tasks)
        .select_from(task_words.join(tasks, tasks.c.id == task_words.c.task))
        .where(
            task_words.c.account == account,
            *(task_words.c.words.contains(word, autoescape=True) for word in words),
        )
    )
    return query, (task_words.c.created_at, task_words.c.task)


def _spoken(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name in SPOKEN and isinstance(inner, str):
                yield inner
            else:
                yield from _spoken(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _spoken(inner)
