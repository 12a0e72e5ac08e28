"""Survey: which Kirin models the open models here can serve, and how."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kirin.domain.storyboard import Storyboard
from kirin.engines.diffusion.ability import reasons
from kirin.engines.diffusion.facts import OpenModel
from kirin.engines.diffusion.placement import Placement, placements, streams
from kirin.engines.diffusion.weights import Shelf


@dataclass(frozen=True, slots=True)
class Service:
    """How a storyboard can be made.

    Attributes:
        asked: what calls the storyboard.
        model: the open model that would make it; ``None`` if none can.
        placement: where its weights would lie.
        there: whether they are on this machine.
    """

    asked: str
    model: OpenModel | None = None
    placement: Placement | None = None
    there: bool = False


def survey(
    boards: Mapping[str, Storyboard],
    models: tuple[OpenModel, ...],
    shelf: Shelf,
    gpu_gb: float,
) -> Iterator[Service]:
    """For each storyboard the model that would make it, one whose weights are here before others.

    Args:
        boards: by what to call them.
        models: those that are offered, the preferred one first.
        shelf: where weights lie.
        gpu_gb: memory of the GPU, 10^9 bytes.
    """
    there = {model.id: shelf.find(model) is not None for model in models}
    for name, board in boards.items():
        pixels = board.width * board.height
        able = [model for model in models if not reasons(model, board, gpu_gb)]
        able.sort(key=lambda model: (not there[model.id], streams(model, pixels, gpu_gb)))
        if not able:
            yield Service(name)
            continue
        best = able[0]
        yield Service(name, best, placements(best, pixels, gpu_gb)[0], there[best.id])
