"""Portraits of subjects that are drawn once: all subjects here show the same picture."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.portraits import RememberedPortraits


# For each module, as in the contract tests: other folders' tests must not get these portraits.
@pytest.fixture(scope="module", autouse=True)
def _portraits(drawn_portraits: RememberedPortraits) -> Iterator[None]:
    """How a portrait is drawn is proved by the tests of ``kirin.subjects``, and not here."""
    with drawn_portraits.in_place():
        yield
