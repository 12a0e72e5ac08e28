"""Runs: the record of who works on what, in DBOS's tables."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from dbos import DBOSClient, EnqueueOptions
from sqlalchemy import Engine, text

import kirin
from kirin.database.engine import open_engine
from kirin.tasks.runs import APPLICATION, VERSION, WORKFLOW, Runs
from support.databases import KINDS, Databases


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Iterator[str]:
    with databases.empty(request.param, tmp_path) as empty:
        for _ in range(2):  # the second time there is nothing to do
            Runs(empty).migrate()
        yield empty


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    opened = open_engine(url)
    yield opened
    opened.dispose()


@pytest.fixture
def runs(url: str) -> Iterator[Runs]:
    opened = Runs(url)
    yield opened
    opened.close()


def record(engine: Engine, run: str, status: str, worker: str, at: int | None = None) -> None:
    """A run in the record, as if a worker had started it."""
    client = DBOSClient(system_database_engine=engine, application_name=APPLICATION)
    client.enqueue(
        EnqueueOptions(
            workflow_name=WORKFLOW, queue_name="any", workflow_id=run, app_version=VERSION
        ),
        run,
    )
    client.destroy()
    table = "dbos.workflow_status" if engine.dialect.name == "postgresql" else "workflow_status"
    with engine.begin() as connection:
        connection.execute(
            text(
                f"UPDATE {table} SET status = :status, executor_id = :worker, "  # noqa: S608
                "completed_at = :at WHERE workflow_uuid = :run"
            ),
            {"status": status, "worker": worker, "at": at, "run": run},
        )


def test_runs_of_a_worker_that_is_gone_are_cancelled(engine: Engine, runs: Runs) -> None:
    record(engine, "a-1", "PENDING", "dead")
    record(engine, "b-1", "PENDING", "alive")
    record(engine, "c-1", "SUCCESS", "dead", 1000)
    assert runs.unfinished() == {"a-1": "dead", "b-1": "alive"}
    assert runs.unfinished("dead") == {"a-1": "dead"}
    runs.cancel(runs.unfinished("dead"))
    runs.cancel([])
    assert runs.unfinished() == {"b-1": "alive"}


def test_ended_runs_are_deleted_after_a_while(engine: Engine, runs: Runs) -> None:
    record(engine, "running", "PENDING", "w")
    record(engine, "done", "SUCCESS", "w", 1000)
    record(engine, "cancelled", "CANCELLED", "w", 1000)
    record(engine, "late", "SUCCESS", "w", 3000)
    assert runs.delete(2000, 1) == 1
    assert runs.delete(2000, 5) == 1
    assert runs.delete(2000, 5) == 0
    table = "dbos.workflow_status" if engine.dialect.name == "postgresql" else "workflow_status"
    with engine.connect() as connection:
        left = connection.execute(text(f"SELECT workflow_uuid FROM {table}"))  # noqa: S608
        assert set(left.scalars()) == {"running", "late"}


def test_only_the_public_face_of_dbos_is_used() -> None:
    """No module but one imports it, and that one touches no private name of it."""
    root = Path(kirin.__file__).parent
    importers = [
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if any(
            (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "dbos")
            or (
                isinstance(node, ast.Import)
                and any(name.name.split(".")[0] == "dbos" for name in node.names)
            )
            for node in ast.walk(ast.parse(path.read_text()))
        )
    ]
    assert importers == ["tasks/runs.py"]
    tree = ast.parse((root / "tasks/runs.py").read_text())
    imported = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert "dbos" in imported
    assert not any((module or "").startswith("dbos.") for module in imported)
    private = {
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr.startswith("_")
    }
    assert all(name.startswith("self._") and name.count(".") == 1 for name in private)
