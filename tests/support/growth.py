"""How the time of reading grows with a text, as a ratio: machines differ, ratios hardly."""

from __future__ import annotations

import time
from collections.abc import Callable

_SHORT, _LONG = 625, 2500
_TRIES = 4
_LEAST = 0.002  # seconds: below it a clock tells little


def growth(read: Callable[[str], object], piece: str) -> float:
    """How many times as long a text of four times the length takes to read.

    About 4 where reading is linear, 16 where it is quadratic; the best of some tries counts.
    """
    texts = [(piece * length)[:length] for length in (_SHORT, _LONG)]
    best = [float("inf"), float("inf")]
    # In turns: a processor that is slower for a while is so for both. This thread's time alone:
    # what others of the process do meanwhile is not the reader's.
    for _ in range(_TRIES):
        for number, text in enumerate(texts):
            begin = time.thread_time()
            read(text)
            best[number] = min(best[number], time.thread_time() - begin)
    short, long = (max(each, _LEAST) for each in best)
    return long / short
