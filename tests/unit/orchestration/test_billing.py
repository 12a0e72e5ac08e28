"""Money and tasks: held when made, settled once at the end, whoever races or crashes."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select, text, update

from kirin.accounts import ledger, store
from kirin.accounts.ledger import Balance, TransactionKind
from kirin.accounts.verification import Report, verify
from kirin.app import App
from kirin.clock import now_ms
from kirin.database.account_tables import accounts
from kirin.database.tables import tasks
from kirin.domain.task import Status, Task
from kirin.errors import InsufficientBalance, LimitReached, TaskFinished
from kirin.settings import Settings
from kirin.tasks import store as task_store
from support.cards import T2V
from support.databases import KINDS, Databases

PRICE = 280_000


@pytest.fixture(params=KINDS, scope="module")
def prepaid(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[App]:
    """A server whose tasks take from balances; each test brings accounts of its own."""
    folder = tmp_path_factory.mktemp("prepaid")
    with databases.ready(request.param, folder / "data") as url:
        opened = App.open(
            Settings(
                data_dir=folder / "data",
                engines="scripted",
                billing="prepaid",
                database_url=None if request.param == "sqlite" else SecretStr(url),
            )
        )
        yield opened
        opened.close()


def account_with(app: App, amount: int) -> str:
    with app.database.write() as connection:
        account = store.ensure_account(connection, secrets.token_hex(8), now_ms())
        ledger.top_up(connection, account, amount, now_ms(), reference=None, note="")
    return account


def balance(app: App, account: str) -> Balance:
    with app.database.read() as connection:
        return ledger.balance(connection, account)


def report(app: App) -> Report:
    with app.database.snapshot() as connection:
        return verify(connection)


def count(app: App, account: str, status: Status) -> int:
    with app.database.read() as connection:
        query = select(func.count()).where(tasks.c.account == account, tasks.c.status == status)
        return int(connection.execute(query).scalar_one())


def kinds(app: App, account: str) -> Counter[TransactionKind]:
    """How many transactions of each kind an account has."""
    with app.database.read() as connection:
        return Counter(t.kind for t in ledger.page(connection, account, 100))


def make(app: App, account: str, prompt: str = "a tiny lake") -> Task:
    return app.tasks.submit(account, T2V, {"prompt": prompt})


def never() -> bool:
    return False


def test_fifty_at_once_with_money_for_ten(prepaid: App) -> None:
    account = account_with(prepaid, 10 * PRICE + PRICE // 2)

    def attempt(_: int) -> str:
        try:
            make(prepaid, account)
        except InsufficientBalance:
            return "refused"
        return "made"

    with ThreadPoolExecutor(50) as pool:
        outcomes = Counter(pool.map(attempt, range(50)))
    assert outcomes == {"made": 10, "refused": 40}
    assert balance(prepaid, account) == Balance(PRICE // 2, 10 * PRICE)
    assert count(prepaid, account, Status.PENDING) == 10
    assert kinds(prepaid, account) == {TransactionKind.TOP_UP: 1, TransactionKind.HOLD: 10}
    found = report(prepaid)
    assert (found.problems, found.total) == ((), 0)


def test_fifty_at_once_with_room_for_ten(prepaid: App) -> None:
    account = account_with(prepaid, 100 * PRICE)
    with prepaid.database.write() as connection:
        mine = accounts.c.id == account
        connection.execute(update(accounts).where(mine).values(unfinished_tasks=10))

    def attempt(_: int) -> str:
        try:
            make(prepaid, account)
        except LimitReached:
            return "refused"
        return "made"

    with ThreadPoolExecutor(50) as pool:
        outcomes = Counter(pool.map(attempt, range(50)))
    assert outcomes == {"made": 10, "refused": 40}
    assert balance(prepaid, account).held == 10 * PRICE


@pytest.mark.parametrize(
    ("prompt", "status", "paid"),
    [
        ("a tiny lake", Status.COMPLETED, PRICE),
        ("fail", Status.FAILED, 0),
        ("crash", Status.FAILED, 0),
    ],
)
def test_the_end_of_a_task_settles_it(
    prepaid: App, prompt: str, status: Status, paid: int
) -> None:  # W-6
    account = account_with(prepaid, PRICE)
    task = make(prepaid, account, prompt)
    assert balance(prepaid, account) == Balance(0, PRICE)
    prepaid.executor.execute(task.id, never)
    assert prepaid.tasks.find(account, task.id).status is status
    assert balance(prepaid, account) == Balance(PRICE - paid, 0)
    prepaid.executor.execute(task.id, never)
    end = TransactionKind.CAPTURE if paid else TransactionKind.RELEASE
    assert kinds(prepaid, account) == {TransactionKind.TOP_UP: 1, TransactionKind.HOLD: 1, end: 1}
    assert report(prepaid).problems == ()


def test_a_cancelled_task_gives_its_money_back_once(prepaid: App) -> None:  # W-4
    account = account_with(prepaid, PRICE)
    task = make(prepaid, account)

    def cancel(_: int) -> bool:
        try:
            prepaid.tasks.cancel(account, task.id)
        except TaskFinished:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(cancel, range(8))) == 1
    assert balance(prepaid, account) == Balance(PRICE, 0)
    assert report(prepaid).problems == ()


def test_cancelling_races_with_completing(prepaid: App) -> None:  # W-4
    account = account_with(prepaid, 4 * PRICE)
    made = [make(prepaid, account) for _ in range(4)]

    def cancel(task: Task) -> None:
        try:
            prepaid.tasks.cancel(account, task.id)
        except TaskFinished:
            return

    with ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(prepaid.executor.execute, task.id, never) for task in made]
        cancels = [pool.submit(cancel, task) for task in made]
        for done in (*runs, *cancels):
            done.result()
    completed = count(prepaid, account, Status.COMPLETED)
    assert balance(prepaid, account) == Balance((4 - completed) * PRICE, 0)
    ends = kinds(prepaid, account)
    assert (ends[TransactionKind.CAPTURE], ends[TransactionKind.RELEASE]) == (
        completed,
        4 - completed,
    )
    assert report(prepaid).problems == ()


def test_a_crash_before_the_commit_leaves_task_and_money_as_they_were(
    prepaid: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = account_with(prepaid, PRICE)

    def crash(*_: object) -> None:
        raise SystemExit("killed")

    with monkeypatch.context() as patch:
        patch.setattr("kirin.orchestration.transitions.events.add", crash)
        with pytest.raises(SystemExit):
            make(prepaid, account)
    assert balance(prepaid, account) == Balance(PRICE, 0)
    task = make(prepaid, account)
    with monkeypatch.context() as patch:
        patch.setattr(
            "kirin.orchestration.transitions.events.add",
            lambda connection, task, *_: task.status.final and crash(),
        )
        with pytest.raises(SystemExit):
            prepaid.executor.execute(task.id, never)
    assert balance(prepaid, account) == Balance(0, PRICE)
    prepaid.executor.execute(task.id, never)
    assert balance(prepaid, account) == Balance(0, 0)
    assert report(prepaid).problems == ()


def test_a_free_server_takes_nothing_and_writes_down_what_was_used(app: App) -> None:
    with app.database.write() as connection:
        account = store.ensure_account(connection, "mine", now_ms())
    app.executor.execute(make(app, account).id, never)
    assert balance(app, account) == Balance(0, 0)
    assert kinds(app, account) == {TransactionKind.HOLD: 1, TransactionKind.CAPTURE: 1}
    assert report(app).problems == ()


def test_a_task_is_charged_as_it_was_quoted(prepaid: App) -> None:
    account = account_with(prepaid, PRICE)
    with prepaid.database.write() as connection:
        mine = accounts.c.id == account
        connection.execute(update(accounts).where(mine).values(discount_percent="12.5"))
    estimate = prepaid.tasks.quote(account, T2V, {"prompt": "a lake"}).estimate
    assert estimate.exact
    task = make(prepaid, account)
    with prepaid.database.write() as connection:
        connection.execute(update(accounts).where(mine).values(discount_percent="0"))
    prepaid.executor.execute(task.id, never)
    ended = prepaid.tasks.find(account, task.id)
    assert (ended.cost, ended.discount) == (Decimal("0.2450"), Decimal("0.0350"))
    assert (estimate.most.cost, estimate.most.discount) == (ended.cost, ended.discount)
    assert balance(prepaid, account).available == PRICE - 245_000


WRONG = {
    "UPDATE balances SET available = available + 1": "its sum is",
    "UPDATE tasks SET status = 'failed' WHERE status = 'completed'": "but has a capture",
    "UPDATE tasks SET status = 'completed' WHERE status = 'pending'": "was not settled",
    "UPDATE tasks SET status = 'pending' WHERE status = 'completed'": "but it was settled",
    "UPDATE tasks SET cost = '0.1000' WHERE status = 'completed'": "but has a capture",
    "INSERT INTO ledger_entries SELECT \"transaction\", 'granted', account, 5 "
    "FROM ledger_entries WHERE book = 'cash'": "adds up to 5",
    "DELETE FROM balances": "has no balance",
}
"""What somebody does behind the ledger's back, and what the proof says of it."""


def test_the_proof_finds_what_is_wrong(prepaid: App) -> None:
    account = account_with(prepaid, 3 * PRICE)
    prepaid.executor.execute(make(prepaid, account).id, never)
    make(prepaid, account)
    assert report(prepaid).problems == ()
    for wrong, words in WRONG.items():
        with prepaid.database.write() as connection:
            connection.execute(text(wrong))
            assert any(words in problem for problem in verify(connection).problems), wrong
            connection.rollback()
    assert report(prepaid).problems == ()


def test_a_task_from_before_the_ledger_ends_as_ever(prepaid: App) -> None:
    account = account_with(prepaid, PRICE)
    task = make(prepaid, account)
    with prepaid.database.write() as connection:
        old = task_store.get(connection, task.id)
        assert old is not None
        connection.execute(update(tasks).where(tasks.c.id == task.id).values(status="failed"))
        ledger.settle(connection, task.id, None, now_ms())
        task_store.insert_task(connection, replace(old, id=f"old-{account}", tariff=None))
    prepaid.executor.execute(f"old-{account}", never)
    ended = prepaid.tasks.find(account, f"old-{account}")
    assert (ended.status, ended.cost) == (Status.COMPLETED, Decimal("0.2800"))
    assert balance(prepaid, account) == Balance(PRICE, 0)
    assert report(prepaid).problems == ()
