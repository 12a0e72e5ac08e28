"""Checks of what changes while a server runs: the clock, versions, and what is behind its time."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import kirin
from kirin import __version__
from kirin.clock import now_ms
from kirin.composition.checks import Finding
from kirin.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Connection

MOST_SKEW_MS = 5_000
"""How far the clocks of this machine and of the database's may be apart: links and tokens expire
by both."""

FUTURE_MS = 60_000
"""A row that was written so far ahead of the clock shows that this was set back."""

LATE_MS = 3 * 3_600_000
"""Housekeeping is due each hour while a worker runs."""

LONG_WAIT_MS = 24 * 3_600_000
"""A task or a webhook that has waited for longer is most likely forgotten."""

DAY_MS = 24 * 3_600_000

OLD_BACKUP_MS = 7 * DAY_MS
"""Who makes backups is told when the newest is older."""


def clock(settings: Settings) -> Finding:
    """Whether the clock is plausible, by the program's files and by the database."""
    now = now_ms()
    text = datetime.fromtimestamp(now / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    remedy = "set the clock, and keep it by NTP: links, tokens and quotas count on it"
    installed = Path(kirin.__file__).stat().st_mtime * 1000
    if now < installed - FUTURE_MS:
        return Finding(False, "clock", f"{text}, before this program was installed", remedy)
    if not settings.embedded:
        skew = _skew(settings)
        if abs(skew) > MOST_SKEW_MS:
            detail = f"{text}, {skew / 1000:+.1f} s from the database's"
            return Finding(False, "clock", detail, remedy)
        return Finding(True, "clock", f"{text}, {skew / 1000:+.1f} s from the database's")
    return Finding(True, "clock", text)


def versions(settings: Settings) -> Finding:
    """Which versions there are, and which packages are older than this program needs."""
    from kirin.media.libraries import libraries

    outdated = _outdated()
    names = (f"{name} {version}" for name, version in libraries().items())
    database = f"SQLite {sqlite3.sqlite_version}" if settings.embedded else ""
    text = ", ".join(each for each in (f"kirin {__version__}", database, *names) if each)
    if outdated:
        remedy = "pip install --upgrade kirin"
        return Finding(False, "versions", f"{text}; too old: {', '.join(outdated)}", remedy)
    return Finding(True, "versions", text)


def backups(settings: Settings) -> Finding | None:
    """How old the newest backup is: a hint where that is long ago, nothing where there is none.

    Other programs make backups, too, so that a server without any of ours is no fault.
    """
    from kirin.accounts import audit
    from kirin.backup.saving import ACTION
    from kirin.database.engine import Database
    from kirin.database.schema import check

    if settings.embedded and not (settings.data_dir / "kirin.db").exists():
        return None
    opened = Database(settings.tables_url)
    try:
        check(opened)
        with opened.read() as connection:
            made = audit.page(connection, 1, action=ACTION)
    finally:
        opened.close()
    if not made:
        return None
    age = now_ms() - made[0].at
    text = f"the newest is {_lasting(age)} old: {made[0].target}"
    if age > OLD_BACKUP_MS:
        return Finding(True, "backup", text, "make another: kirin backup FILE")
    return Finding(True, "backup", text)


def backlog(settings: Settings) -> Finding:
    """What is older than it should be: tasks, webhooks, files, housekeeping, paused queues."""
    from kirin.database.engine import Database
    from kirin.database.schema import check
    from kirin.tasks import overview

    if settings.embedded and not (settings.data_dir / "kirin.db").exists():
        return Finding(True, "backlog", "nothing yet")
    opened = Database(settings.tables_url)
    try:
        check(opened)
        with opened.read() as connection:
            tasks = sum(each.count for each in overview.waiting(connection))
            webhooks = overview.undelivered(connection).count
            found = [*_forgotten(connection, now_ms()), *_not_cleaned(connection, now_ms())]
    finally:
        opened.close()
    if found:
        remedy = "is a worker running that has the engine? see 'kirin queue list'"
        return Finding(False, "backlog", "; ".join(found), remedy)
    return Finding(True, "backlog", f"{tasks} tasks wait, {webhooks} webhooks to deliver")


def _forgotten(connection: Connection, now: int) -> list[str]:
    """What waits for too long: tasks, webhooks, and queues for somebody who resumes them."""
    from kirin.tasks import overview, pauses

    found = []
    oldest = min((each.oldest for each in overview.waiting(connection)), default=now)
    if now - oldest > LONG_WAIT_MS:
        found.append(f"the oldest task has waited for {_hours(now - oldest)}")
    due = overview.undelivered(connection).due
    if due is not None and now - due > LATE_MS:
        found.append(f"webhooks have been due for {_hours(now - due)}")
    found += [
        f"queue {each.queue} has been paused for {_hours(now - each.since)}"
        for each in pauses.current(connection)
        if now - each.since > LONG_WAIT_MS
    ]
    return found


def _not_cleaned(connection: Connection, now: int) -> list[str]:
    """What housekeeping should have done, where there is a worker to do it."""
    from sqlalchemy import func, select

    from kirin.database.tables import scheduled_jobs, workers
    from kirin.orchestration.garbage_collection import GRACE_MS
    from kirin.tasks import tombstones, uploads

    if not connection.scalar(select(func.count()).select_from(workers)):
        return []
    since = {
        "housekeeping has been due": connection.scalar(select(func.min(scheduled_jobs.c.next_at))),
        "uploads have been kept too long": uploads.first_end(connection),
    }
    if (set_at := tombstones.oldest(connection)) is not None:
        since["files that nothing needs have been overdue for removal"] = set_at + GRACE_MS
    return [
        f"{what} for {_hours(now - at)}"
        for what, at in since.items()
        if at is not None and now - at > LATE_MS
    ]


def _skew(settings: Settings) -> float:
    """Milliseconds that the database's clock is ahead of ours."""
    from sqlalchemy import text

    from kirin.database.engine import Database

    opened = Database(settings.tables_url)
    try:
        with opened.read() as connection:
            there = connection.execute(
                text("SELECT EXTRACT(EPOCH FROM clock_timestamp()) * 1000")
            ).scalar_one()
    finally:
        opened.close()
    return float(there) - now_ms()


def _outdated() -> list[str]:
    """Packages that this program needs in a newer version than is installed."""
    try:
        from packaging.requirements import Requirement
    except ImportError:  # comes with pip's relatives, and nothing else of ours needs it
        return []
    try:
        needed = [Requirement(each) for each in metadata.requires("kirin") or ()]
    except metadata.PackageNotFoundError:  # run from its source
        return []
    found = []
    for each in needed:
        if each.marker is not None and not each.marker.evaluate({"extra": ""}):
            continue
        try:
            version = metadata.version(each.name)
        except metadata.PackageNotFoundError:
            found.append(f"{each.name} is missing")
            continue
        if not each.specifier.contains(version, prereleases=True):
            found.append(f"{each.name} {version}, needs {each.specifier}")
    return found


def _hours(milliseconds: int) -> str:
    return f"{milliseconds / 3_600_000:.0f} hours"


def _lasting(milliseconds: int) -> str:
    """Hours, or of two days or more, days."""
    if milliseconds < 2 * DAY_MS:
        return _hours(milliseconds)
    return f"{milliseconds // DAY_MS} days"
