"""An account that has something of every kind, each with one word in it that nobody else says."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image
from sqlalchemy import MetaData, select

from kirin.accounts import administration
from kirin.accounts import store as accounts
from kirin.accounts.audit import Actor
from kirin.accounts.keys import new_secret
from kirin.app import App
from kirin.clock import now_ms
from kirin.database.engine import Database
from kirin.domain.money import parse_dollars
from kirin.domain.request import RequestOptions
from kirin.domain.task import Task
from kirin.tasks.idempotency import IdempotencyKey
from kirin.webhooks import history, outbox
from kirin.webhooks.history import Attempt
from support.api import SUBJECT
from support.cards import ELEMENTS, I2V, T2V
from support.pictures import inline

HOOK = "https://example.com/hook"


@dataclass
class Customer:
    """An account with tasks, files, webhooks, subjects, uploads, money.

    Attributes:
        word: is in all that it says.
        secret: of its key.
    """

    app: App
    word: str = field(default_factory=lambda: f"marker{secrets.token_hex(6)}")
    tasks: dict[str, Task] = field(default_factory=dict)

    def __post_init__(self) -> None:
        app, now = self.app, now_ms()
        with app.database.write() as connection:
            self.id = accounts.ensure_account(connection, self.word, now)
            self.key = new_secret()
            accounts.add_key(connection, self.id, f"{self.word}'s laptop", self.key, now)
            owner = administration.account(connection, self.id)
            administration.top_up(connection, Actor("test"), owner, parse_dollars("9"), now)
            self.webhook_secret = accounts.webhook_secret(connection, self.id)
        self.submit("done", "a tiny lake")
        self.submit("failed", "fail")
        self.submit("waiting", "a tiny sea")
        image = {"image": inline(320, 300), "prompt": f"tiny {self.word}"}
        self.tasks["pictured"] = app.tasks.submit(self.id, I2V, image)
        subject = {**SUBJECT, "element_name": self.word[:20], "element_description": self.word}
        self.tasks["subject"] = app.tasks.submit(self.id, ELEMENTS, subject)
        for name in ("done", "failed", "pictured", "subject"):
            app.executor.execute(self.tasks[name].id, lambda: False)
            self.tasks[name] = app.tasks.find(self.id, self.tasks[name].id)
        self._upload(app.settings.data_dir / f"{self.word}.png")
        self._told()

    def submit(self, name: str, prompt: str) -> None:
        """Make a task that says the word wherever one can be said."""
        params = {
            "prompt": f"{prompt} {self.word}",
            "external_task_id": f"{self.word}-{name}",
            "callback_url": f"{HOOK}/{self.word}",
        }
        key = IdempotencyKey(f"{self.word}-{name}", "0" * 64)
        options = RequestOptions(metadata={"note": self.word}, parameters={self.word: 1})
        task, _ = self.app.tasks.submit_once(self.id, T2V, params, key, options=options)
        self.tasks[name] = task

    def _upload(self, path: Path) -> None:
        """A picture with the word in its file, which nobody else sends."""
        noise = np.random.default_rng(int(self.word[6:], 16)).integers(0, 255, (300, 300, 3))
        Image.fromarray(noise.astype(np.uint8)).save(path)
        with path.open("ab") as file:
            file.write(self.word.encode())
        self.upload = self.app.uploads.add(self.id, path)

    def _told(self) -> None:
        """An answer of its receiver with the word in it."""
        with self.app.database.read() as connection:
            due = outbox.due(connection, now_ms(), 100, outbox.Saturated())
        message = next(each for each in due if each.account == self.id)
        with self.app.database.write() as connection:
            history.record(connection, message.id, Attempt(1, now_ms(), 3, 500, self.word))


def texts(database: Database) -> Iterator[str]:
    """All rows of all tables, those too that we know nothing of."""
    there = MetaData()
    there.reflect(database.engine)
    with database.read() as connection:
        for table in there.sorted_tables:
            for row in connection.execute(select(table)):
                yield f"{table.name}: {tuple(row)}"


def traces(app: App, word: str) -> list[str]:
    """Where a word is found: in rows, and in the storage's files and their names."""
    rows = [text for text in texts(app.database) if word in text.lower()]
    keys = list(app.storage.keys())
    files = [key for key in keys if word.encode() in app.storage.path(key).read_bytes()]
    return rows + files + [key for key in keys if word in key]
