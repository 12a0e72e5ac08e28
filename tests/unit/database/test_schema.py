"""The shape of the tables: made once, by however many; and held against what is needed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text

from kirin import __version__
from kirin.database import schema
from kirin.database.engine import Database, lock_key, open_engine
from kirin.database.metadata import metadata
from kirin.database.schema import NewerDatabase, check, migrate
from kirin.database.secrets import installation_secret
from kirin.database.tables import webhooks
from kirin.domain.request import NO_OPTIONS
from kirin.errors import KirinError
from kirin.settings import Settings
from kirin.subjects import store as subjects
from kirin.tasks import events, heartbeats, queue, scheduled_jobs, store, tombstones
from kirin.tasks.runs import Runs
from support.databases import KINDS, Databases


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Iterator[str]:
    with databases.empty(request.param, tmp_path) as empty:
        yield empty


def test_many_starts_at_once_make_the_tables_once(url: str) -> None:
    def start(_: int) -> bytes:
        database = Database(url)
        migrate(database)
        check(database)
        secret = installation_secret(database, "test")
        database.close()
        return secret

    with ThreadPoolExecutor(4) as pool:
        secrets = set(pool.map(start, range(4)))
    assert len(secrets) == 1
    assert len(secrets.pop()) == 32


def test_tables_that_are_not_there_or_old_are_told(url: str) -> None:
    database = Database(url)
    with pytest.raises(KirinError, match=r"revision none.*kirin migrate"):
        check(database)
    migrate(database)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(KirinError, match=r"revision 0001.*kirin migrate"):
        check(database)
    database.close()


def test_the_newest_migration_is_known_without_alembic() -> None:
    script = ScriptDirectory.from_config(schema._config())
    assert schema.newest_revision() == script.get_current_head()
    assert schema.revisions() == {each.revision for each in script.walk_revisions()}


def test_tables_of_a_newer_version_are_refused_by_one_sentence(url: str) -> None:
    database = Database(url)
    migrate(database)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for action in (check, migrate):
        with pytest.raises(NewerDatabase) as refused:
            action(database)
        sentence = refused.value.message
        assert "\n" not in sentence
        for part in ("9999", __version__, schema.newest_revision(), "install that newer version"):
            assert part in sentence
    database.close()


@pytest.mark.parametrize("name", ["a?b", "a#b", "100%", "a%41b", "a b", "ü", "a?mode=memory&b"])
def test_a_folder_of_any_name_holds_its_own_databases(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    settings = Settings(data_dir=folder)
    database = Database(settings.tables_url)
    migrate(database)
    check(database)
    database.close()
    Runs(settings.runs_url).migrate()
    engine = open_engine(settings.runs_url)
    with engine.connect() as connection:
        assert inspect(connection).has_table("workflow_status")
    engine.dispose()
    assert {path.name for path in tmp_path.iterdir()} == {name}
    assert {path.name for path in folder.glob("*.db")} == {"kirin.db", "queue.db"}


def test_the_migrations_make_what_the_tables_say(url: str) -> None:
    database = Database(url)
    migrate(database)
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    database.close()


@pytest.mark.parametrize("url", ["nonsense", "mysql://host/name", "postgresql+asyncpg://host/x"])
def test_other_databases_are_refused_by_name(url: str) -> None:
    with pytest.raises(KirinError, match="it takes postgresql://"):
        Database(url)


def test_a_password_is_not_told() -> None:
    with pytest.raises(KirinError) as refused:
        Database("mysql://me:opensesame@host/name")
    assert "opensesame" not in str(refused.value)


def test_lock_keys_fit_and_differ() -> None:
    keys = {lock_key(str(n)) for n in range(1000)}
    assert len(keys) == 1000
    assert all(-(2**63) <= key < 2**63 for key in keys)


def test_tasks_in_flight_live_through_an_upgrade(url: str) -> None:
    database = Database(url)
    with database.write() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        connection.execute(
            text(
                "INSERT INTO accounts (id, name, webhook_secret, created_at) "
                "VALUES ('mine', 'mine', 'whsec_', 1)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO tasks (id, account, model, status, created_at, updated_at, params, "
                "assets, seed, quote, progress, attempt, handed_back, results, discount, metadata) "
                "VALUES ('old', 'mine', 'kirin_v1_6_t2v', 'processing', 1, 1, '{}', '{}', 7, "
                "'0.28', 0.5, 1, 0, '[]', '0', '{}')"
            )
        )
    migrate(database)
    with database.write() as connection:
        assert queue.lease(connection, "w", (), 10) == ["old"]
        task = store.claim(connection, "old", 3, "w")
        assert task is not None
        assert (task.attempt, task.engine, task.progress) == (2, None, 0.5)
    database.close()


def test_rows_are_kept_where_tables_and_columns_get_other_names(url: str) -> None:
    database = Database(url)
    view = {
        "sha256": "a" * 64, "kind": "image", "mime": "image/png", "size": 3,
        "width": 300, "height": 300, "seconds": None, "fps": None, "has_audio": False,
    }  # fmt: skip
    subject = {
        "id": 7, "account": "mine", "created_at": 1, "name": "Ada", "description": "A",
        "kind": "image", "tags": [], "video": None, "portrait": None, "views": [view],
    }  # fmt: skip
    with database.write() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0007")
        for statement, values in (
            (
                "INSERT INTO accounts (id, name, webhook_secret, created_at) "
                "VALUES ('mine', 'mine', 'whsec_', 1)",
                {},
            ),
            (
                "INSERT INTO elements (id, account, name, description, kind, views, tags, "
                "created_at) VALUES (7, 'mine', 'Ada', 'A', 'image', :views, '[]', 1)",
                {"views": json.dumps([view])},
            ),
            ("INSERT INTO condemned (key, since) VALUES ('inputs/a', 5)", {}),
            ("INSERT INTO chores (name, next_at) VALUES ('housekeeping', 9)", {}),
            ("INSERT INTO workers (id, started_at, beat) VALUES ('w', 1, 3)", {}),
            *(
                (
                    "INSERT INTO tasks (id, account, model, status, created_at, updated_at, "
                    "params, assets, elements, seed, quote, progress, attempt, handed_back, "
                    "results, discount, metadata, finished_at) VALUES (:id, 'mine', "
                    "'kirin_v3_i2v', :status, 4, 4, '{}', '{}', :elements, 7, '0.28', 0.5, 3, 2, "
                    "'[]', '0', '{}', :finished_at)",
                    {
                        "id": id,
                        "status": status,
                        "elements": json.dumps([subject]),
                        "finished_at": finished_at,
                    },
                )
                for id, status, finished_at in (("open", "pending", None), ("over", "failed", 6))
            ),
        ):
            connection.execute(text(statement), values)
    migrate(database)
    with database.write() as connection:
        assert subjects.find(connection, "mine", [7])[7].draft.name == "Ada"
        assert tombstones.all_of(connection) == {"inputs/a": 5}
        assert not scheduled_jobs.claim(connection, "housekeeping", 8, 20)
        assert scheduled_jobs.claim(connection, "housekeeping", 9, 20)
        assert heartbeats.latest(connection) == {"w": 3}
        task = store.get(connection, "open")
        assert task is not None
        assert (task.attempt, task.releases, task.subjects[0].draft.name) == (3, 2, "Ada")
        assert task.subjects[0].draft.views[0].sha256 == "a" * 64
        assert queue.lease(connection, "w", (), 10) == ["open"]  # and nothing that has ended
    database.close()


def test_stored_messages_get_the_words_of_the_wire(url: str) -> None:  # W-4
    database = Database(url)
    former = {"pending": "queued", "processing": "rendering"}
    with database.write() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0008")
        connection.execute(
            text(
                "INSERT INTO accounts (id, name, webhook_secret, created_at) "
                "VALUES ('mine', 'mine', 'whsec_', 1)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO tasks (id, account, model, status, created_at, updated_at, params, "
                "assets, seed, quote, progress, attempt, releases, results, discount, metadata) "
                "VALUES ('old', 'mine', 'kirin_v1_6_t2v', 'processing', 1, 1, '{}', '{}', 7, "
                "'0.28', 0.5, 1, 0, '[]', '0', '{}')"
            )
        )
        bodies = [
            {"id": "old", "status": ("pending", "processing")[n % 2], "metadata": {"seed": n}}
            for n in range(1100)  # more than are read at a time
        ]
        for number, body in enumerate(bodies, 1):
            connection.execute(
                text(
                    "INSERT INTO events (account, number, task, status, body, created_at) "
                    "VALUES ('mine', :number, 'old', :status, :body, 1)"
                ),
                {"number": number, "status": body["status"], "body": json.dumps(body)},
            )
        last = {"id": "old", "status": "completed", "metadata": {}}
        for sequence, body in enumerate([bodies[1], last]):
            connection.execute(
                text(
                    "INSERT INTO webhooks (id, task, account, sequence, url, body, created_at, "
                    "attempts) VALUES (:id, 'old', 'mine', :sequence, 'http://a', :body, 1, 0)"
                ),
                {"id": f"old:{sequence}", "sequence": sequence, "body": json.dumps(body)},
            )
    migrate(database)
    with database.read() as connection:
        found = events.after(connection, "mine", 0, 2000)
        assert [event.body for event in found] == [
            {
                "id": "old",
                "status": "in_progress",
                "metadata": {"seed": n, "stage": former[str(body["status"])]},
            }
            for n, body in enumerate(bodies)
        ]
        query = select(webhooks.c.body).order_by(webhooks.c.sequence)
        first, second = (row.body for row in connection.execute(query))
        assert first["status"] == "in_progress"
        assert first["metadata"] == {"seed": 1, "stage": "rendering"}
        assert second == last
        task = store.get(connection, "old")
        assert task is not None
        assert task.options == NO_OPTIONS
    database.close()
