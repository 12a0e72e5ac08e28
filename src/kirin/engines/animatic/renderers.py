"""Which renderer draws which kind of shot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kirin.domain.footage import FootageUse
from kirin.domain.storyboard import Shot
from kirin.engines.animatic.brush.renderer import BrushShotRenderer, HoldShotRenderer
from kirin.engines.animatic.cinemagraph.overlay import LivingShotRenderer
from kirin.engines.animatic.composition.renderer import CompositionShotRenderer
from kirin.engines.animatic.footage.editing import EditedFootageRenderer
from kirin.engines.animatic.look.pictured import styled
from kirin.engines.animatic.photo.renderer import ArrivalShotRenderer, PhotoShotRenderer
from kirin.engines.animatic.puppet.renderer import PuppetShotRenderer
from kirin.engines.animatic.shot import ShotContext, ShotRenderer
from kirin.engines.animatic.stage.renderer import SceneShotRenderer
from kirin.engines.animatic.transition.renderer import TransitionShotRenderer


def renderer_for(context: ShotContext) -> ShotRenderer:
    """Prepare a shot with the renderer of its kind.

    Raises:
        InputsRefused: the renderer cannot use the shot's pictures or videos.
        Stopped: the task was cancelled.
    """
    footage = context.storyboard.footage
    if footage and footage.use is FootageUse.BASE:
        return styled(EditedFootageRenderer(context, footage), context)
    if context.shot.drawn and not context.storyboard.driving:
        return SceneShotRenderer(context)
    return styled(_living(context), context)


def _living(context: ShotContext) -> ShotRenderer:
    made = _of_pictures(context)
    # These have layers, and draw what is in the air between them themselves.
    layered = isinstance(made, PhotoShotRenderer | PuppetShotRenderer)
    return made if layered else LivingShotRenderer(made, context)


def _of_pictures(context: ShotContext) -> ShotRenderer:
    if context.storyboard.driving:
        return PuppetShotRenderer(context)
    if context.shot.references:
        return _composition(context)
    renderer = next(made for applies, made in _BY_PICTURES if applies(context.shot))
    return renderer(context)


_BY_PICTURES: tuple[tuple[Callable[[Shot], object], Callable[[ShotContext], ShotRenderer]], ...] = (
    (lambda shot: shot.first and shot.strokes, BrushShotRenderer),
    (lambda shot: shot.first and shot.still, HoldShotRenderer),
    (lambda shot: shot.first and shot.last, TransitionShotRenderer),
    (lambda shot: shot.first, PhotoShotRenderer),
    (lambda shot: shot.last, ArrivalShotRenderer),
)
"""The first entry that applies wins."""


def _composition(context: ShotContext) -> ShotRenderer:
    """A shot that must end with a given picture is rendered without its subjects first."""
    base = None
    if context.shot.last:
        base = _of_pictures(replace(context, shot=replace(context.shot, references=())))
    return CompositionShotRenderer(context, base)
