"""What a poll says about an unfinished task: queue position, estimates, and when to poll again."""

from __future__ import annotations

from kirin.http.protocols.kirin_models import MetadataJson
from kirin.tasks.forecast import Forecast

POLLS = 5
"""How often a client that follows ``Retry-After`` polls until the expected end."""

SHORTEST_INTERVAL = 1
LONGEST_INTERVAL = 30
UNKNOWN_INTERVAL = 2
UNATTENDED_INTERVAL = 5
"""Seconds between two polls."""

UNATTENDED = "no worker with the engine of this task is running: it waits until one starts"


PAUSED = "the operator has paused this queue: it waits until the queue is resumed"


def estimates(forecast: Forecast) -> MetadataJson:
    """What goes into ``metadata`` (rule W-8); times are rounded up to full seconds."""
    shown = MetadataJson()
    if forecast.position is not None:
        shown["queue_position"] = forecast.position
    if forecast.position and forecast.start is not None:
        shown["estimated_start_at"] = _round_up(forecast.start)
    if forecast.finish is not None:
        shown["estimated_finish_at"] = _round_up(forecast.finish)
    if forecast.paused:
        shown["queue_note"] = PAUSED
    elif not forecast.attended:
        shown["queue_note"] = UNATTENDED
    return shown


def poll_interval(forecast: Forecast, now: int) -> int:
    """Seconds until another poll is worthwhile, for ``Retry-After``."""
    if forecast.finish is None:
        moves = forecast.attended and not forecast.paused
        return UNKNOWN_INTERVAL if moves else UNATTENDED_INTERVAL
    left = (forecast.finish - now) / 1000
    return round(min(max(left / POLLS, SHORTEST_INTERVAL), LONGEST_INTERVAL))


def _round_up(milliseconds: int) -> int:
    return -(-milliseconds // 1000) * 1000
