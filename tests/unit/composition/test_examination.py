"""All checks together: bounded in time, told without secrets, and the same for programs."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from kirin.cli import app
from kirin.clock import now_ms
from kirin.composition import state_checks
from kirin.composition.checks import Finding
from kirin.composition.examination import Examiner
from kirin.database.engine import Database
from kirin.database.schema import migrate
from kirin.settings import Settings
from kirin.tasks import pauses
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
        late, done = examiner.examine()
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
