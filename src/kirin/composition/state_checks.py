"""Checks of what changes while a server runs: the clock, versions, and what is behind its time."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import kirin
from kirin import __version__
from kirin.clock import now_ms
from kirin.composition.checks import Finding
from kirin.settings import Settings

MOST_SKEW_MS = 5_000
"""How far the clocks of this machine and of the database's may be apart: links and tokens expire
by both."""

FUTURE_MS = 60_000
"""A row that was written so far ahead of the clock shows that this was set back."""

LATE_MS = 3 * 3_600_000
"""Housekeeping is due each hour while a worker runs."""

LONG_WAIT_MS = 24 * 3_600_000
"""A task or a webhook that has waited for longer is most likely forgotten."""


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


def backlog(settings: Settings) -> Finding:
    """What is older than it should be: tasks, webhooks, housekeeping, queues that are paused."""
    from sqlalchemy import func, select

    from kirin.database.engine import Database
    from kirin.database.schema import check
    from kirin.database.tables import scheduled_jobs, workers
    from kirin.tasks import overview, pauses

    if settings.embedded and not (settings.data_dir / "kirin.db").exists():
        return Finding(True, "backlog", "nothing yet")
    now = now_ms()
    found = []
    opened = Database(settings.tables_url)
    try:
        check(opened)
        with opened.read() as connection:
            waiting = overview.waiting(connection)
            undelivered = overview.undelivered(connection)
            paused = pauses.current(connection)
            due = connection.scalar(select(func.min(scheduled_jobs.c.next_at)))
            registered = connection.scalar(select(func.count()).select_from(workers)) or 0
    finally:
        opened.close()
    oldest = min((each.oldest for each in waiting), default=now)
    if now - oldest > LONG_WAIT_MS:
        found.append(f"the oldest task has waited for {_hours(now - oldest)}")
    if undelivered.due is not None and now - undelivered.due > LATE_MS:
        found.append(f"webhooks have been due for {_hours(now - undelivered.due)}")
    if registered and due is not None and now - due > LATE_MS:
        found.append(f"housekeeping has been due for {_hours(now - due)}")
    found += [
        f"queue {each.queue} has been paused for {_hours(now - each.since)}"
        for each in paused
        if now - each.since > LONG_WAIT_MS
    ]
    if found:
        remedy = "is a worker running that has the engine? see 'kirin queue list'"
        return Finding(False, "backlog", "; ".join(found), remedy)
    tasks = sum(each.count for each in waiting)
    return Finding(True, "backlog", f"{tasks} tasks wait, {undelivered.count} webhooks to deliver")


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
