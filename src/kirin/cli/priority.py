"""The priority of a worker: what it leaves to the processes beside it, such as an API."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

AUTOGROUP = Path("/proc/self/autogroup")
"""The niceness of this process's session, where the kernel schedules by sessions (sched(7))."""

THREADS = Path("/proc/self/task")
"""One entry for each thread: to Linux, niceness is a thread's, and new ones inherit it."""

_TRIES = 10
_PAUSE = 0.1
"""Seconds between two changes of an autogroup that Linux grants to anybody but root."""


def lower(niceness: int) -> None:
    """Let other processes go first.

    The kernel of a Linux desktop or plain server first shares the processors between sessions, and
    heeds niceness only within each. A worker that leads a session, as one of ``kirin serve`` or of
    a service does, therefore lowers that, too. In containers niceness counts alone, among the
    processes of each.

    All of the process is lowered, the heartbeat as well: it shares an interpreter lock with the
    renders, so it could not run ahead of them. A niceness of 19 still leaves it more than the 1 %
    of a core that it takes.

    Args:
        niceness: added to the process's own, 0 to 19; what comes to more than 19 is 19.
    """
    reached = os.nice(niceness)
    for thread in THREADS.iterdir() if THREADS.exists() else ():
        with suppress(OSError):  # it has ended
            os.setpriority(os.PRIO_PROCESS, int(thread.name), reached)
    if os.getsid(0) == os.getpid():
        _lower_session(reached)


def _lower_session(niceness: int) -> None:
    for _ in range(_TRIES):
        try:
            AUTOGROUP.write_text(str(niceness))
        except BlockingIOError:  # somebody has just changed one
            time.sleep(_PAUSE)
        except OSError:  # it has none, or must not
            return
        else:
            return
