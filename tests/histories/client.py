"""A client: makes random calls by a seed, at either API, and writes down what it was told."""

from __future__ import annotations

import itertools
import json
import random
import threading
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx

from histories.history import Call, Heard, Kind, Recorder
from kirin.client.native import GENERATION, UPLOADS, task_path
from kirin_client.routes.account import WEBHOOKS
from support.cards import I2V, T2V
from support.pictures import ramp, saved

TIMEOUT = 8.0
"""Seconds to wait for an answer. A process may be stopped for as long."""

MODELS = {T2V: "lake", I2V: "sea"}
WISHES = {
    Kind.CREATE: 8,
    Kind.READ: 14,
    Kind.CANCEL: 3,
    Kind.REMOVE: 2,
    Kind.REUSE: 2,
    Kind.REDELIVER: 1,
    Kind.UPLOAD: 2,
    Kind.QUOTE: 1,
    Kind.TOP_UP: 1,
}
"""What a client does, and how often beside the rest."""

PATIENCE = 0.5
"""Longest pause between two calls, in seconds."""

MOST_OPEN = 6
"""Tasks of a client that may be open; it makes no more until some have ended."""


@dataclass
class Wish:
    """A task that a client wants.

    Attributes:
        name: in its prompt, and in what else it is called by.
        body: the request.
        key: the idempotency key, if it has one.
        id: as soon as a client was told.
        sure: whether an answer told that it is there, or that it is not.
        ended: whether it was seen to have ended.
    """

    name: str
    body: bytes
    asks: Mapping[str, Any]
    key: str | None = None
    external_id: str | None = None
    id: str = ""
    sure: bool = False
    ended: bool = False

    @property
    def repeatable(self) -> bool:
        """Whether it can be asked for again, and be made once."""
        return bool(self.key or self.external_id)

    @property
    def path(self) -> str | None:
        """Where it is found, as far as the client knows."""
        name = self.id or self.external_id
        return task_path(name) if name else None


@dataclass
class Shared:
    """What all clients share.

    Attributes:
        urls: of the APIs.
        account: path of the account, for operators.
        now: milliseconds since the start.
    """

    urls: Sequence[str]
    key: str
    operator_key: str
    account: str
    callback: str
    now: Callable[[], int]
    recorder: Recorder
    heard: list[Heard]
    numbers: itertools.count[int] = field(default_factory=itertools.count)


class Client:
    """Two threads may use one, so that its calls overlap.

    Attributes:
        wishes: the tasks that it wanted.
        files: what it has sent, by name, with its address.
        payments: amounts that were not answered for, by reference.
    """

    def __init__(self, name: str, shared: Shared, seed: str) -> None:
        self.name = name
        self.shared = shared
        self.wishes: list[Wish] = []
        self.files: dict[str, tuple[bytes, str]] = {}
        self.payments: dict[str, str] = {}
        self._seed = seed
        self._lock = threading.Lock()
        self._made = itertools.count()

    def run(self, hand: str, stop: threading.Event) -> None:
        """Make calls until told to stop.

        Args:
            hand: which of its threads it is.
        """
        luck = random.Random(f"{self._seed} {self.name}{hand}")  # noqa: S311  nothing secret
        kinds, weights = zip(*WISHES.items(), strict=True)
        with httpx.Client(timeout=TIMEOUT) as http:
            while not stop.wait(luck.uniform(0.02, PATIENCE)):
                (kind,) = luck.choices(kinds, weights)
                # All luck is drawn before anything is known: what follows is the seed's alone.
                call = Luck(http, luck.random(), luck.randrange(2), luck.randrange(1 << 30))
                self.act(kind, call)

    def act(self, kind: Kind, luck: Luck) -> None:
        """Do one thing, if there is something to do it with."""
        if kind is Kind.CREATE:
            unsure = [wish for wish in self.wishes if not wish.sure and wish.repeatable]
            if unsure and luck.share < 0.7:
                self.create(luck, luck.one_of(unsure))
            elif sum(not wish.ended for wish in self.wishes) < MOST_OPEN:
                self.create(luck, self.wish(luck))
        elif kind is Kind.QUOTE:
            self.quote(luck)
        elif kind is Kind.UPLOAD:
            self.upload(luck)
        elif kind is Kind.TOP_UP:
            self.top_up(luck)
        elif kind is Kind.REDELIVER:
            self.redeliver(luck)
        elif findable := [wish for wish in self.wishes if wish.path]:
            # Mostly of the newest, which still go on.
            recent = findable[-MOST_OPEN:] if luck.share < 0.8 else findable
            self.about(kind, luck, luck.one_of(recent))

    def wish(self, luck: Luck) -> Wish:
        """Want another task."""
        name = f"{self.name}-{next(self._made)}"
        pick = random.Random(luck.number)  # noqa: S311
        model = pick.choice(list(MODELS))
        words = pick.choices(["tiny", "slow tiny", "fail tiny"], [6, 3, 1])[0]
        params: dict[str, Any] = {"prompt": f"{words} {name}"}
        callback, named, keyed = (pick.random() < share for share in (0.8, 0.5, 0.5))
        if callback:
            params["callback_url"] = self.shared.callback
        if named:
            params["external_task_id"] = f"x-{name}"
        if model == I2V:
            params["image"] = self._picture(pick)
        body = json.dumps({"model": model, "input": [{"params": params}]}).encode()
        wish = Wish(
            name,
            body,
            {"model": model, "fails": "fail" in words, "callback": callback},
            key=f"k-{name}" if keyed else None,
            external_id=f"x-{name}" if named else None,
        )
        self.wishes.append(wish)
        return wish

    def _picture(self, pick: random.Random) -> str:
        """One that was sent before, or else one in the request."""
        if self.files and pick.random() < 0.5:
            return pick.choice(list(self.files.values()))[1]
        return b64encode(a_picture(pick.randrange(1 << 30))).decode()

    def create(self, luck: Luck, wish: Wish) -> None:
        """Ask for a task, for the first time or again."""
        headers = {"Idempotency-Key": wish.key} if wish.key else {}
        asks = {**wish.asks, "key": wish.key, "external_id": wish.external_id}
        done = self.call(
            Kind.CREATE, luck, wish.name, GENERATION, asks, content=wish.body, headers=headers
        )
        if done.known:
            wish.sure = True
            wish.id = wish.id or str(done.answer.get("id", ""))
            wish.ended |= done.status not in (200, 409)
        elif not wish.repeatable:
            wish.ended = True  # nobody can tell

    def about(self, kind: Kind, luck: Luck, wish: Wish) -> None:
        """Do something about a task."""
        assert wish.path
        if kind is Kind.REUSE:
            # Only one that is there for certain.
            if wish.external_id and wish.id:
                params = {"prompt": f"tiny {wish.name}-thief", "external_task_id": wish.external_id}
                body = {"model": T2V, "input": [{"params": params}]}
                self.call(kind, luck, wish.name, GENERATION, json=body)
            return
        path = wish.path if kind is Kind.READ else f"{wish.path}/{kind}"
        done = self.call(kind, luck, wish.name, path)
        if done.done and kind is not Kind.REMOVE:
            wish.id = wish.id or str(done.answer["id"])
            wish.ended |= done.answer["status"] != "in_progress"

    def quote(self, luck: Luck) -> None:
        """Ask what a task would cost."""
        model = list(MODELS)[luck.number % 2]
        params = {"prompt": "tiny"}
        if model == I2V:
            params["image"] = b64encode(a_picture(luck.number)).decode()
        body = {"model": model, "input": [{"params": params}]}
        self.call(Kind.QUOTE, luck, model, "/model/v1/quote", {"model": model}, json=body)

    def upload(self, luck: Luck) -> None:
        """Send a picture."""
        content = a_picture(luck.number)
        name = f"{self.name}-file-{luck.number}"
        done = self.call(Kind.UPLOAD, luck, name, UPLOADS, content=content)
        if done.done:
            self.files[name] = content, done.answer["url"]

    def top_up(self, luck: Luck) -> None:
        """Pay something in, or what was not answered for once more."""
        if self.payments and luck.share < 0.7:
            reference = luck.one_of(list(self.payments))
        else:
            reference = f"{self.name}-payment-{luck.number}"
            self.payments[reference] = f"{luck.number % 900 + 1}.{luck.number % 90 + 10}"
        self.pay(luck, reference)

    def pay(self, luck: Luck, reference: str) -> None:
        """Ask for a payment to be booked."""
        amount = self.payments.get(reference)
        if amount is None:  # the other thread was faster
            return
        done = self.call(
            Kind.TOP_UP,
            luck,
            reference,
            f"/admin/v1/accounts/{self.shared.account}/top-ups",
            {"amount": round(float(amount) * 1_000_000)},
            json={"amount": amount, "reference": reference},
        )
        if done.known:
            self.payments.pop(reference, None)

    def redeliver(self, luck: Luck, id: str = "") -> None:
        """Have a webhook sent again, one that was heard."""
        if not id and self.shared.heard:
            id = luck.one_of(self.shared.heard[-20:]).id
        if id:
            path = f"{WEBHOOKS}/{quote(id, safe='')}/redeliver"
            self.call(Kind.REDELIVER, luck, id, path, {"webhook": id})

    def call(
        self,
        kind: Kind,
        luck: Luck,
        subject: str,
        path: str,
        asks: Mapping[str, Any] | None = None,
        **request: Any,
    ) -> Call:
        """Make a call and write it down."""
        shared = self.shared
        key = shared.operator_key if kind is Kind.TOP_UP else shared.key
        headers = {"Authorization": f"Bearer {key}", **request.pop("headers", {})}
        method = "GET" if kind is Kind.READ else "POST"
        number, began = next(shared.numbers), shared.now()
        status, answer = None, {}
        try:
            got = luck.http.request(
                method, shared.urls[luck.api] + path, headers=headers, **request
            )
            status, answer = got.status_code, got.json()
        except (httpx.HTTPError, ValueError):
            status = None
        call = Call(
            number, self.name, kind, subject, began, shared.now(), status, answer, dict(asks or {})
        )
        shared.recorder.calls.append(call)
        return call


@dataclass
class Luck:
    """What a call draws beforehand: a share, an API, a number; and how it is made."""

    http: httpx.Client
    share: float
    api: int
    number: int

    def one_of(self, things: Sequence[Any]) -> Any:
        """One of some things."""
        return things[self.number % len(things)]


def a_picture(number: int) -> bytes:
    """A picture that is like no other."""
    image = ramp(300, 300)
    image.putpixel((0, 0), (number & 255, number >> 8 & 255, number >> 16 & 255))
    image.putpixel((1, 0), (number >> 24 & 255, 0, 0))
    return saved(image, "JPEG", quality=30) + number.to_bytes(4, "big")
