"""Which Kirin models the open models can serve on a device, and how."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kirin.domain.storyboard import Storyboard
from kirin.engines.diffusion.capabilities import unsupported_features
from kirin.engines.diffusion.model_spec import ModelSpec
from kirin.engines.diffusion.placement import Placement, must_stream, placements
from kirin.engines.diffusion.weight_store import WeightStore


@dataclass(frozen=True, slots=True)
class ModelSupport:
    """How a storyboard can be generated.

    Attributes:
        name: the storyboard's key.
        model: the open model that would generate it; ``None`` if none can.
        placement: where its weights would be placed.
        is_downloaded: whether its weights are on this machine.
    """

    name: str
    model: ModelSpec | None = None
    placement: Placement | None = None
    is_downloaded: bool = False


def model_support(
    boards: Mapping[str, Storyboard],
    models: tuple[ModelSpec, ...],
    store: WeightStore,
    gpu_gb: float,
) -> Iterator[ModelSupport]:
    """For each storyboard the model that would generate it; downloaded models come first.

    Args:
        boards: storyboards by name.
        models: the offered models, in order of preference.
        store: where weights are stored.
        gpu_gb: memory of the GPU, 10^9 bytes.
    """
    downloaded = {model.id: store.find(model) is not None for model in models}
    for name, board in boards.items():
        pixels = board.width * board.height
        able = [model for model in models if not unsupported_features(model, board, gpu_gb)]
        able.sort(key=lambda model: (not downloaded[model.id], must_stream(model, pixels, gpu_gb)))
        if not able:
            yield ModelSupport(name)
            continue
        best = able[0]
        placement = placements(best, pixels, gpu_gb)[0]
        yield ModelSupport(name, best, placement, downloaded[best.id])
