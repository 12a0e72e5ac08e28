"""Recipes: digests of all that a video follows from, by which a result is found again.

A recipe is written with its task. What made the video, an engine and its version, is written when
the task completes, since another machine with another version may have done it.
"""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import Connection, select

from kirin.database.tables import tasks
from kirin.domain.storyboard import Storyboard
from kirin.domain.task import Status


def recipe_of(storyboard: Storyboard) -> str | None:
    """The digest of a storyboard; ``None`` while it names what was not fetched yet.

    A storyboard holds all that an engine is given: sizes, prompts, the seed, and of each picture,
    video and sound its sha256. Records of numbers and texts have one representation each.
    """
    if not all(asset.fetched for asset in storyboard.assets()):
        return None
    return sha256(repr(storyboard).encode("utf-8", "surrogatepass")).hexdigest()


def find(connection: Connection, recipe: str, made_by: str, account: str | None) -> str | None:
    """The latest completed task of a recipe whose results are there, by its id.

    Args:
        made_by: engine and version.
        account: whose; ``None`` is anybody's.
    """
    query = select(tasks.c.id).where(
        tasks.c.recipe == recipe,
        tasks.c.made_by == made_by,
        tasks.c.status == Status.COMPLETED,
        tasks.c.expired_at.is_(None),
        tasks.c.removed_at.is_(None),
    )
    if account is not None:
        query = query.where(tasks.c.account == account)
    return connection.execute(query.order_by(tasks.c.finished_at.desc()).limit(1)).scalar()
