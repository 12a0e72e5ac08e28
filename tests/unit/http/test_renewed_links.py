"""Bodies of webhooks that are sent again: their links are signed anew, and nothing else changes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from kirin.domain.task import Result, Status, Task
from kirin.http.protocols.kirin import Presenter
from kirin.storage.links import Links

TASK = Task(
    id="a" * 32,
    account="acc",
    model="kirin_v1_6_t2v",
    status=Status.COMPLETED,
    created_at=1000,
    updated_at=2000,
    params={"prompt": "a lake"},
    seed=7,
    quote=Decimal("0.28"),
    metadata={"note": "https://kirin.test/files/inputs/ab?expires=1&signature=x"},
    results=(Result(key="results/task/1/video.mp4", type="video"),),
)


def test_only_the_links_change(monkeypatch: pytest.MonkeyPatch) -> None:
    links = Links(b"0123456789abcdef", 3600)
    presenter = Presenter(links)
    monkeypatch.setattr("time.time", lambda: 1_000_000.0)
    first = presenter.task(TASK, "https://kirin.test")
    monkeypatch.setattr("time.time", lambda: 2_000_000.0)
    again = presenter.renew_links(first)
    assert again == presenter.task(TASK, "https://kirin.test")
    assert again != first
    assert again["metadata"] == first["metadata"]
    url = again["output"][0]["content"][0]["url"]
    assert links.key_of(url, 2_000_000.0) == "results/task/1/video.mp4"


def test_a_body_without_links_stays_as_it_is() -> None:
    presenter = Presenter(Links(b"0123456789abcdef", 3600))
    shown = presenter.task(replace(TASK, status=Status.PROCESSING), "https://kirin.test")
    assert presenter.renew_links(shown) == shown
