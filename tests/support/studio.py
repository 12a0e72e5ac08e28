"""A studio of tiny open models, and storyboards small enough for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.storyboard import Driving, Orientation, Shot, Storyboard
from kirin.engines.base import Clip
from kirin.engines.diffusion.engine import DiffusionEngine
from kirin.engines.diffusion.model_spec import ModelSpec
from kirin.engines.diffusion.registry import built_in
from kirin.engines.diffusion.runtime import RuntimeConfiguration
from kirin.engines.diffusion.weight_store import WeightStore
from kirin.media.decode import frames
from kirin.media.encode import encode
from kirin.vision.planes import picture_to_frame
from support import tiny
from support.small import small

WALKING = Path(__file__).parents[1] / "media" / "walking.mp4"

MODELS = {model.id: model for model in built_in()}

_OF_SHOTS = {"prompt", "seconds", "first", "last", "references", "strokes", "still"}


def board(**given: Any) -> Storyboard:
    """A storyboard of one short shot; fields of the shot and of the storyboard by name."""
    of_shot = {name: value for name, value in given.items() if name in _OF_SHOTS}
    others = {name: value for name, value in given.items() if name not in _OF_SHOTS}
    shot = Shot(**{"prompt": "a lake", "seconds": 0.25, **of_shot})
    usual = {"model": "any", "width": 28, "height": 28, "fps": Fraction(24), "seed": 3}
    return Storyboard(**{**usual, "shots": (shot,), **others})


@dataclass
class Studio:
    """Tiny weights in a cache, pictures in a folder, and what came of a render.

    Attributes:
        engines: those with one model, by its id and what of it is changed; they are shared.
        told: progress of the last render.
        stop: asked before each step whether to stop.
    """

    folder: Path
    store: WeightStore
    engines: dict[str, DiffusionEngine]
    told: list[float] = field(default_factory=list)
    stop: Callable[[], bool] = lambda: False

    def engine(self, name: str, **changes: Any) -> DiffusionEngine:
        """An engine with one tiny model, saved where the hub would have put it."""
        key = f"{name} {sorted(changes.items())}"
        if key not in self.engines:
            self.engines[key] = self.fresh(name, **changes)
        return self.engines[key]

    def fresh(self, name: str, **changes: Any) -> DiffusionEngine:
        """The same with nothing loaded yet."""
        return DiffusionEngine(
            self.store, [self.model(name, **changes)], 80, runtime=RuntimeConfiguration("cpu")
        )

    def model(self, name: str, **changes: Any) -> ModelSpec:
        """The specification of a tiny model, which generates at most nine frames at once."""
        model = small(MODELS[name])
        if self.store.find(model) is None:
            tiny.put(self.store, model, tiny.PIPELINES[name]())
        frames = replace(model.frames, max_count=9)
        return replace(model, **{"frames": frames, "prompt_tokens": 48, **changes})

    def picture(self, name: str, colour: tuple[int, int, int]) -> Asset:
        """A picture, its upper half white."""
        pixels = np.full((60, 60, 3), 255, np.uint8)
        pixels[30:] = colour
        path = self.folder / name
        Image.fromarray(pixels).save(path, format="PNG")
        return Asset(name, AssetKind.IMAGE, "image/png", path.stat().st_size, 60, 60)

    def mask(self, name: str, left: int, right: int) -> Asset:
        """A mask of the pictures, white between two columns."""
        pixels = np.zeros((60, 60), np.uint8)
        pixels[:, left:right] = 255
        path = self.folder / name
        Image.fromarray(pixels).save(path, format="PNG")
        return Asset(name, AssetKind.IMAGE, "image/png", path.stat().st_size, 60, 60)

    def driver(self, name: str, *, reverse: bool = False) -> Driving:
        """Half a second of somebody who walks."""
        pictures = [picture_to_frame(rgb, 270, 140) for rgb in islice(frames(WALKING), 15)]
        path = self.folder / name
        planes = iter(pictures[::-1] if reverse else pictures)
        encode(planes, path, width=270, height=140, fps=Fraction(30))
        size = path.stat().st_size
        asset = Asset(
            name, AssetKind.VIDEO, "video/mp4", size, 270, 140, seconds=0.5, fps=Fraction(30)
        )
        return Driving(asset, Orientation.IMAGE, keep_sound=True)

    def clip(self, engine: DiffusionEngine, asked: Storyboard) -> Clip:
        """A render, with nothing made yet."""
        assert engine.unsupported(asked) == []
        self.told.clear()
        return engine.render(
            asked, lambda asset: self.folder / asset.sha256, self.told.append, self._stopped
        )

    def _stopped(self) -> bool:
        return self.stop()  # which tests change while it renders

    def film(self, engine: DiffusionEngine, asked: Storyboard, name: str = "film.mp4") -> Path:
        """A finished file."""
        clip, path = self.clip(engine, asked), self.folder / name
        encode(
            clip.frames,
            path,
            width=clip.width,
            height=clip.height,
            fps=clip.fps,
            audio=clip.audio,
        )
        return path


def pixels(path: Path, every: int = 1) -> np.ndarray:
    """All frames of a file, every so many-th pixel, shape ``(frames, height, width, 3)``."""
    return np.stack([frame[::every, ::every].astype(int) for frame in frames(path)])


@dataclass(frozen=True)
class Call:
    """What a pipeline was called with, and what it gave."""

    pipe: Any
    arguments: dict[str, Any]
    result: Any
