"""An account is erased: nothing that it said or made is anywhere, and the books add up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from kirin.accounts import administration, audit, caller, ledger, usage, verification
from kirin.accounts import store as accounts
from kirin.accounts.audit import Actor
from kirin.accounts.usage import By
from kirin.app import App
from kirin.clock import now_ms
from kirin.database.tables import tasks
from kirin.errors import AccountClosed, AlreadyThere
from kirin.orchestration.erasure import Erased, Erasure
from kirin.storage.keys import input_key
from kirin.tasks import erasure, store
from support.belongings import Customer, texts, traces
from support.cards import I2V, T2V
from support.pictures import inline

ME = Actor("cli:test")

AUDITED = ("audit",)
"""What operators wrote down stays in the audit, which nothing can change."""


def erase(app: App, customer: Customer, **changes: Any) -> Erased:
    return Erasure(app.database, app.storage, now_ms, **changes).erase(ME, customer.id)


def left(app: App, word: str) -> list[str]:
    return [trace for trace in traces(app, word) if not trace.startswith(AUDITED)]


def test_nothing_that_it_said_or_made_is_left(app: App) -> None:
    ada, bob = Customer(app), Customer(app)
    assert left(app, ada.word)
    before, kept = left(app, bob.word), set(app.storage.keys())
    done = erase(app, ada)
    assert (done.tasks, done.cancelled, done.held, done.keys) == (5, 1, 0, 1)
    assert (done.subjects, done.uploads) == (1, 1)
    assert done.webhooks >= 3
    assert left(app, ada.word) == []
    for task in ada.tasks.values():
        assert not list(app.storage.keys(f"results/{task.id}/"))
    # What the other has is there, the pictures too that both have sent.
    assert left(app, bob.word) == before
    (shared,) = bob.tasks["pictured"].assets.values()
    assert shared == next(iter(ada.tasks["pictured"].assets.values()))
    assert app.storage.exists(input_key(shared.sha256))
    gone = kept - set(app.storage.keys())
    assert len(gone) == done.files
    assert input_key(ada.upload.asset.sha256) in gone


def test_the_books_stay_and_add_up(app: App) -> None:
    ada = Customer(app)
    with app.database.read() as connection:
        used = usage.totals(connection, ada.id, [By.MODEL], "2000-01-01", "2999-12-31")
        moved = len(ledger.page(connection, ada.id, 100))
    erase(app, ada)
    with app.database.snapshot() as connection:
        report = verification.verify(connection)
        assert (report.problems, report.open, report.total) == ((), 0, 0)
        after = usage.totals(connection, ada.id, [By.MODEL], "2000-01-01", "2999-12-31")
        assert sum(each.cost for each in after) == sum(each.cost for each in used)
        assert sum(each.tasks for each in after) == sum(each.tasks for each in used) + 1
        assert len(ledger.page(connection, ada.id, 100)) == moved + 1  # the cancelled one's release
        entry, closed = audit.page(connection, 2, account=ada.id)
        assert (entry.action, entry.actor) == ("account.erased", ME.name)
        assert entry.details["tasks"] == 5
        assert (closed.action, closed.details) == ("account.closed", {"keys": 1})


def test_the_account_is_closed_at_once_and_for_good(app: App) -> None:
    ada = Customer(app)
    erase(app, ada)
    with app.database.write() as connection:
        assert caller.find(connection, ada.key, now_ms()) is None
        closed = administration.account(connection, ada.id)
        assert closed.name == f"erased-{ada.id}"
        assert accounts.webhook_secret(connection, ada.id) != ada.webhook_secret
        with pytest.raises(AlreadyThere, match="was erased"):
            administration.create_key(connection, ME, closed, "again", now_ms())
        with pytest.raises(AlreadyThere, match="was erased"):
            administration.change_account(connection, ME, closed, closed, now_ms())
        # Its name is free for another.
        administration.create_account(connection, ME, ada.word, now_ms())


def test_a_request_that_was_let_in_before_writes_nothing_after(app: App, tmp_path: Path) -> None:
    ada = Customer(app)
    erase(app, ada)
    with pytest.raises(AccountClosed):
        app.tasks.submit(ada.id, T2V, {"prompt": "a lake"})
    with pytest.raises(AccountClosed):
        ada._upload(tmp_path / "late.png")
    with app.database.snapshot() as connection:
        assert verification.verify(connection).problems == ()


def test_a_worker_that_is_late_leaves_nothing(app: App) -> None:
    """It has the task when the account is erased, and comes to its end after that."""
    ada = Customer(app)
    task = ada.tasks["waiting"]

    def meanwhile() -> bool:
        if not done:
            done.append(erase(app, ada, patience=0))
        return False

    done: list[Erased] = []
    with app.database.write() as connection:
        connection.execute(
            update(tasks).where(tasks.c.id == task.id).values(worker="w-1", queued_at=None)
        )
    app.executor.execute(task.id, meanwhile, "w-1")
    assert done[0].held == 1
    assert left(app, ada.word) == []
    assert not list(app.storage.keys(f"results/{task.id}/"))


def test_it_waits_until_workers_have_let_go(app: App) -> None:
    ada = Customer(app)
    with app.database.write() as connection:
        connection.execute(
            update(tasks)
            .where(tasks.c.id == ada.tasks["waiting"].id)
            .values(worker="w-1", queued_at=None, metadata={"job": "job-7", "note": ada.word})
        )
    done = erase(app, ada, patience=0)
    assert done.held == 1
    with app.database.read() as connection:
        row = connection.execute(select(tasks).where(tasks.c.worker == "w-1")).one()
    assert row.metadata == {"job": "job-7"}  # whoever cleans up cancels it there
    with app.database.write() as connection:
        connection.execute(update(tasks).values(worker=None))
    assert erase(app, ada).held == 0
    assert not [text for text in texts(app.database) if "job-7" in text]


@pytest.mark.parametrize("step", ["_cancel", "_inputs", "_tasks"])
def test_an_interrupted_erasure_goes_on(
    app: App, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = Customer(app)
    whole = getattr(Erasure, step)

    def half(self: Erasure, account: str) -> Any:
        whole(self, account)
        raise OSError("the bucket is away")

    with monkeypatch.context() as broken:
        broken.setattr(Erasure, step, half)
        with pytest.raises(OSError, match="bucket"):
            erase(app, ada)
    with app.database.read() as connection:
        assert caller.find(connection, ada.key, now_ms()) is None
    again = erase(app, ada)
    assert (again.keys, again.tasks) == (0, 5)
    assert left(app, ada.word) == []
    third = erase(app, ada)
    assert (third.files, third.webhooks, third.subjects, third.uploads) == (0, 0, 0, 0)


def test_bytes_that_another_stores_meanwhile_stay(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = Customer(app)
    with app.database.write() as connection:
        bob = accounts.ensure_account(connection, "bob", now_ms())
    (asset,) = ada.tasks["pictured"].assets.values()
    usual = Erasure._remove

    def remove(self: Erasure, key: str, *, needed: bool) -> bool:
        if key == input_key(asset.sha256):  # after it was looked who needs it
            app.tasks.submit(bob, I2V, {"image": inline(320, 300)})
        return usual(self, key, needed=needed)

    monkeypatch.setattr(Erasure, "_remove", remove)
    erase(app, ada)
    assert app.storage.exists(input_key(asset.sha256))


def test_batches_end(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasure, "BATCH", 2)
    ada = Customer(app)
    for number in range(3):
        ada.submit(f"more-{number}", "a tiny pond")
    assert erase(app, ada).cancelled == 4
    assert left(app, ada.word) == []
    with app.database.read() as connection:
        found = store.get(connection, ada.tasks["done"].id)
    assert found is not None
    assert (found.params, found.external_id, found.callback_url) == ({}, None, None)
