"""How the time of reading grows with a text, as a ratio: machines differ, ratios hardly."""

from __future__ import annotations

import time
from collections.abc import Callable

_SHORT, _LONG = 625, 2500
_LEAST = 0.002  # seconds: below it a clock tells little


def growth(read: Callable[[str], object], piece: str) -> float:
    """How many times as long a text of four times the length takes to read.

    About 4 where reading is linear, 16 where it is quadratic; the better of three tries counts.
    """
    times = []
    for length in (_SHORT, _LONG):
        text = (piece * length)[:length]
        tries = []
        for _ in range(3):
            begin = time.process_time()
            read(text)
            tries.append(time.process_time() - begin)
        times.append(max(min(tries), _LEAST))
    return times[1] / times[0]
