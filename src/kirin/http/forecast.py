"""What a poll tells of an unfinished task: its place, its times, and when to poll again."""

from __future__ import annotations

from typing import Any

from kirin.tasks.forecast import Forecast

POLLS = 5
"""How often a client that keeps to the hint polls until the expected end."""

SHORTEST_PAUSE = 1
LONGEST_PAUSE = 30
UNKNOWN_PAUSE = 2
UNATTENDED_PAUSE = 5
"""Seconds between two polls."""

UNATTENDED = "no worker with the engine of this task is running: it waits until one starts"


def expected(forecast: Forecast) -> dict[str, Any]:
    """What goes into ``metadata`` (rule W-8); times are Unix milliseconds of full seconds."""
    known = {
        "queue_position": forecast.position,
        "estimated_start_at": _second(forecast.start) if forecast.position else None,
        "estimated_finish_at": _second(forecast.finish),
        "queue_note": None if forecast.attended else UNATTENDED,
    }
    return {name: value for name, value in known.items() if value is not None}


def pause(forecast: Forecast, now: int) -> int:
    """Seconds after which another poll is worth the while, for ``Retry-After``."""
    if forecast.finish is None:
        return UNKNOWN_PAUSE if forecast.attended else UNATTENDED_PAUSE
    left = (forecast.finish - now) / 1000
    return round(min(max(left / POLLS, SHORTEST_PAUSE), LONGEST_PAUSE))


def _second(time: int | None) -> int | None:
    return None if time is None else -(-time // 1000) * 1000
