"""All checks together: bounded in time, told without secrets, and the same for programs."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Connection, insert
from typer.testing import CliRunner

from kirin.accounts import audit
from kirin.accounts import store as accounts
from kirin.accounts.audit import Actor
from kirin.backup.saving import ACTION
from kirin.cli import app
from kirin.clock import now_ms
from kirin.composition import state_checks
from kirin.composition.checks import Finding
from kirin.composition.examination import Examiner
from kirin.database.engine import Database
from kirin.database.schema import migrate
from kirin.database.tables import uploads
from kirin.orchestration.garbage_collection import GRACE_MS
from kirin.settings import Settings
from kirin.tasks import heartbeats, pauses, tombstones
from kirin.tasks.pauses import ALL, Pause
from support.tasks import a_task

URL = "postgresql://kirin:a-password@127.0.0.1:9/none"


def quick(_: Settings) -> Finding:
    return Finding(True, "quick", "done")


def test_a_check_that_hangs_is_a_finding_and_keeps_one_thread(tmp_path: Path) -> None:
    end = threading.Event()
    asked = []

    def hangs(_: Settings) -> Finding:
        asked.append(1)
        end.wait(60)
        return Finding(True, "hangs", "back")

    examiner = Examiner(Settings(data_dir=tmp_path), (hangs, quick), seconds=0.2)
    for _ in range(3):
        findings = examiner.examine()
        late = next(findings)
        examiner._hanging["quick"].join(60)  # it, too, may need a moment
        (done,) = findings
        assert (late.good, late.title) == (False, "hangs")
        assert "0.2 s" in late.detail
        assert done == Finding(True, "quick", "done")
    assert len(asked) == 1
    end.set()


def test_no_secret_is_told(tmp_path: Path) -> None:
    def indiscreet(settings: Settings) -> Finding:
        assert settings.database_url is not None
        detail = f"{settings.database_url.get_secret_value()} https://me:word@host/x"
        return Finding(False, "indiscreet", detail, "a-metrics-token")

    settings = Settings(
        data_dir=tmp_path,
        database_url=SecretStr(URL),
        metrics_token=SecretStr("a-metrics-token"),
    )
    (found,) = Examiner(settings, (indiscreet,)).examine()
    for secret in ("a-password", "word@", "a-metrics-token"):
        assert secret not in found.detail + found.remedy


def test_a_check_that_fails_is_a_finding(tmp_path: Path) -> None:
    def what_breaks(_: Settings) -> Finding:
        raise ZeroDivisionError("nothing left")

    broken, done = Examiner(Settings(data_dir=tmp_path), (what_breaks, quick)).examine()
    assert (broken.good, broken.title) == (False, "what breaks")
    assert "nothing left" in broken.detail
    assert done.good


def test_the_doctor_speaks_to_programs(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["doctor", "--json", "--data", str(tmp_path)])
    told = json.loads(result.stdout)
    assert result.exit_code == (0 if told["good"] else 1)
    assert told["good"] == all(check["good"] for check in told["checks"])
    assert {"good", "title", "detail", "remedy"} == told["checks"][0].keys()
    assert "versions" in [check["title"] for check in told["checks"]]


def test_the_clock_and_the_versions_of_this_machine_are_good(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    assert state_checks.clock(settings).good
    found = state_checks.versions(settings)
    assert found.good, found
    for name in ("kirin ", "SQLite ", "PyAV ", "libavcodec "):
        assert name in found.detail


def test_a_clock_from_before_the_program_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_checks, "now_ms", lambda: 1000)
    found = state_checks.clock(Settings(data_dir=tmp_path))
    assert not found.good
    assert "1970" in found.detail


def test_what_is_older_than_it_should_be_is_named(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    assert state_checks.backlog(settings).good
    database = Database(settings.tables_url)
    migrate(database)
    assert state_checks.backlog(settings).good
    hour = 3_600_000
    with database.write() as connection:
        a_task(connection, created_at=now_ms() - 30 * hour)
        pauses.begin(connection, Pause(ALL, "", "me", now_ms() - 50 * hour))
    database.close()
    found = state_checks.backlog(settings)
    assert not found.good
    assert "the oldest task has waited for 30 hours" in found.detail
    assert "queue all has been paused for 50 hours" in found.detail


def test_files_that_housekeeping_left_are_named(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    database = Database(settings.tables_url)
    migrate(database)
    hour = 3_600_000
    with database.write() as connection:
        tombstones.add(connection, ["inputs/in time"], now_ms() - GRACE_MS - 2 * hour)
        heartbeats.beat(connection, "host-1-ab", now_ms(), ("animatic",), 1)
    assert state_checks.backlog(settings).good
    with database.write() as connection:
        tombstones.add(connection, ["inputs/late"], now_ms() - GRACE_MS - 4 * hour)
        keep(connection, expires_at=now_ms() - 5 * hour)
    database.close()
    found = state_checks.backlog(settings)
    assert not found.good
    assert "files that nothing needs have been overdue for removal for 4 hours" in found.detail
    assert "uploads have been kept too long for 5 hours" in found.detail


def keep(connection: Connection, expires_at: int) -> None:
    """An upload of some account."""
    account = accounts.ensure_account(connection, "test", 1)
    connection.execute(
        insert(uploads).values(
            account=account, sha256="0" * 64, asset={}, size=1, created_at=0, expires_at=expires_at
        )
    )


def test_an_old_backup_is_a_hint_and_none_is_nothing(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    assert state_checks.backups(settings) is None
    database = Database(settings.tables_url)
    migrate(database)
    assert state_checks.backups(settings) is None
    assert list(Examiner(settings, (state_checks.backups, quick)).examine()) == [quick(settings)]
    day = 24 * 3_600_000

    def back_up(name: str, at: int) -> Finding | None:
        with database.write() as connection:
            actor = Actor("cli:me")
            audit.note(connection, actor, ACTION, account=None, target=name, details={}, now=at)
        return state_checks.backups(settings)

    hint = back_up("old.tar", now_ms() - 8 * day)
    assert hint == Finding(
        True, "backup", "the newest is 8 days old: old.tar", "make another: kirin backup FILE"
    )
    newest = back_up("new.tar", now_ms() - 6 * day)
    assert newest == Finding(True, "backup", "the newest is 6 days old: new.tar")
    database.close()
