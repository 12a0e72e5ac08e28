"""A receiver of webhooks that has moods: it refuses, hangs, lies, breaks off, and comes back."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from histories.history import Heard
from support.loopback import Loopback, Quiet

MOODS = ("refuses", "hangs", "lies", "breaks off", "breaks off late")
WELL = "well"
SHARE = 0.7
"""How much of what comes in suffers from the mood."""

HANGS_SECONDS = 3.0


class MoodyReceiver(Loopback):
    """Takes webhooks as its mood is.

    Attributes:
        mood: one of :data:`MOODS`, or :data:`WELL`.
        heard: what came in, in order.
    """

    def __init__(self, seed: str, now: Callable[[], int], heard: list[Heard]) -> None:
        super().__init__(_Moody)
        self.mood = WELL
        self.heard = heard
        self.now = now
        self._seed = seed
        self._tries: Counter[str] = Counter()

    def mood_for(self, id: str) -> str:
        """What a message meets: it follows from the seed, the mood, and how often it came."""
        self._tries[id] += 1
        luck = random.Random(f"{self._seed} {id} {self._tries[id]}")  # noqa: S311  nothing secret
        return self.mood if luck.random() < SHARE else WELL


class _Moody(Quiet):
    def do_POST(self) -> None:  # noqa: N802  as the base class has it
        receiver: MoodyReceiver = self.server.owner  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        id, task = self.headers["webhook-id"], json.loads(body)
        mood = receiver.mood_for(id)
        answered = {"refuses": 500, "hangs": None, "breaks off": None}.get(mood, 200)
        receiver.heard.append(
            Heard(receiver.now(), id, task["id"], task["status"], answered, lied=mood == "lies")
        )
        self.close_connection = True
        if mood == "hangs":
            receiver.closing.wait(HANGS_SECONDS)
        elif mood.startswith("breaks off"):
            whole = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhea"
            with suppress(OSError):
                self.wfile.write(whole if mood.endswith("late") else whole[:20])
        else:
            self.answer(answered or 200, b"heard")
