"""Pictures that are looked at once: it takes a second or more, and many tests show the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.remembered import Remembered, remembering


@pytest.fixture(scope="session")
def _remembered() -> Remembered:
    return Remembered()


@pytest.fixture(scope="module", autouse=True)
def _looked_at_once(_remembered: Remembered) -> Iterator[None]:
    """How pictures are looked at is proved by the tests of the vision package, which do it anew."""
    with remembering(_remembered):
        yield


@pytest.fixture
def looked_at_anew(_remembered: Remembered) -> Iterator[None]:
    """For tests that do the same twice, to see that it comes to the same."""
    _remembered.asleep = True
    yield
    _remembered.asleep = False
