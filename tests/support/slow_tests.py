"""Which tests `make test-fast` leaves out because they take long: measured, and kept in a file.

``make slow-tests`` measures again and writes the file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

LIST = Path(__file__).parents[1] / "slow_tests.txt"
SECONDS = 0.05
"""A test function of which one case takes longer, setup and teardown included, is slow."""

TOGETHER = 1.0
"""So is one whose cases take longer than this together."""

_HEAD = f"""\
# Tests of which a case takes more than {SECONDS} s, or all cases {TOGETHER} s; `make test-fast`
# leaves them to `make test`. Written by: make slow-tests
"""


def read_list() -> frozenset[str]:
    """Ids of slow test functions, without their parameters."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def write_list(names: Iterable[str]) -> None:
    """Write ids of test functions as the slow ones."""
    LIST.write_text(_HEAD + "".join(f"{name}\n" for name in sorted(names)), encoding="utf-8")


def function_of(nodeid: str) -> str:
    """The id of a test's function."""
    return nodeid.partition("[")[0]


class SlowTestRecorder:
    """Measures every test of a run, and writes the list at its end."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add the time of a phase."""
        self._seconds[report.nodeid] = self._seconds.get(report.nodeid, 0.0) + report.duration

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Write the list, unless tests failed: they may have ended early."""
        if exitstatus == pytest.ExitCode.OK and not hasattr(session.config, "workerinput"):
            together: dict[str, float] = defaultdict(float)
            for nodeid, seconds in self._seconds.items():
                together[function_of(nodeid)] += seconds
            slow = {function_of(n) for n, s in self._seconds.items() if s > SECONDS}
            write_list(slow | {name for name, s in together.items() if s > TOGETHER})
