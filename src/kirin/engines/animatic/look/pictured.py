"""The look of a shot of given pictures: the styles of its prompt, over whatever renders it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from kirin.domain.cast import Style
from kirin.domain.frame import Frame
from kirin.domain.intent import Intent
from kirin.engines.animatic.look.styles import look_of
from kirin.engines.animatic.shot import ShotContext, ShotRenderer

_NOT_OF_FRAMES: Final = frozenset((Style.SHALLOW_FOCUS, Style.SLOW_MOTION, Style.TIME_LAPSE))
"""Styles of how a shot is taken, which cannot be laid over its frames."""


class PicturedLook:
    """A shot renderer whose frames have the look that the prompt asks for."""

    def __init__(self, renderer: ShotRenderer, context: ShotContext) -> None:
        self._renderer = renderer
        intent = context.intent
        # Only pixel art looks at samples, for its palette; a video is read forwards only.
        board = context.storyboard
        last = 0 if board.driving or board.footage else len(context.poses) - 1
        sampled = sorted({0, last}) if Style.PIXEL_ART in intent.cast.styles else ()
        samples = [renderer.frame(number) for number in sampled]
        fps, variety = float(context.storyboard.fps), intent.scene.variety
        self._look = look_of(intent.cast, context.size, fps, variety, samples)

    @property
    def notes(self) -> dict[str, Any]:
        """How the shot is made, and which styles it has."""
        notes = self._renderer.notes
        styles = [style.value for style in self._look.styles]
        return notes | {"scene": notes.get("scene", {}) | {"styles": styles}}

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        return self._look.draw(self._renderer, index)


def styled(renderer: ShotRenderer, context: ShotContext) -> ShotRenderer:
    """A renderer of a shot of pictures with the look of its prompt; itself where it asks none."""
    return PicturedLook(renderer, context) if honoured(context.intent) else renderer


def honoured(intent: Intent) -> tuple[Style, ...]:
    """The styles of a prompt that finished frames can be given."""
    return tuple(style for style in intent.cast.styles if style not in _NOT_OF_FRAMES)


def unstyled(intent: Intent) -> Intent:
    """The same without the styles that frames are given: what is left may be missing."""
    left = tuple(style for style in intent.cast.styles if style in _NOT_OF_FRAMES)
    return replace(intent, cast=replace(intent.cast, styles=left))
