"""Warming up: tiny videos of each kind, and none once there is work."""

from __future__ import annotations

from itertools import count

from kirin.engines.animatic.engine import AnimaticEngine
from kirin.engines.animatic.warm_up import warm_up
from kirin.engines.base import Clip
from kirin.engines.router import Router


class Renders:
    """Stands in for the engine: remembers what it was asked to render."""

    def __init__(self) -> None:
        self.boards = []
        self.pictures = set()

    def __call__(self, board, read) -> Clip:
        self.boards.append(board)
        self.pictures |= {read(asset).stat().st_size > 0 for asset in board.assets()}
        return Clip(128, 72, board.fps, 5, iter([None] * 5))


def test_every_kind_of_shot_is_rendered_and_supported() -> None:
    renders = Renders()
    warm_up(renders, lambda: False)
    assert renders.pictures == {True}
    shots = [board.shots[0] for board in renders.boards]
    kinds = {(bool(s.first), bool(s.last), bool(s.strokes), bool(s.still)) for s in shots}
    assert len(kinds) == 5
    assert all(AnimaticEngine().unsupported(board) == [] for board in renders.boards)


def test_it_ends_as_soon_as_a_task_comes() -> None:
    renders, asked = Renders(), count()
    warm_up(renders, lambda: next(asked) > 3)
    assert len(renders.boards) == 1
    renders = Renders()
    warm_up(renders, lambda: True)
    assert renders.boards == []


def test_the_router_warms_up_its_own_engines() -> None:
    engine = AnimaticEngine()
    done = []
    engine.warm_up = lambda busy: done.append(busy())
    Router([engine]).warm_up(lambda: False)
    assert done == [False]
