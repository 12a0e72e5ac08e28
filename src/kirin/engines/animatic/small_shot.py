"""A shot prepared small, to tell before it is rendered what will move in its pictures.

It is prepared as for rendering, and its notes are read: so a quote has the words of the task's
metadata.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import cv2

from kirin.domain.callbacks import ReadAsset
from kirin.domain.storyboard import Storyboard
from kirin.engines.animatic.camera.path import path
from kirin.engines.animatic.foresight import ForeseenShot
from kirin.engines.animatic.look.pictured import unstyled
from kirin.engines.animatic.puppet.preview import preview_driven
from kirin.engines.animatic.puppet.warnings import refused
from kirin.engines.animatic.renderers import renderer_for
from kirin.engines.animatic.shot import ShotContext
from kirin.errors import InputsRefused
from kirin.memory import trim
from kirin.vision.models import VisionModels

SIDE: Final = 640
"""Longest side in pixels at which a shot is prepared."""

_FINE = 1.5  # pixels of the loaded picture per pixel of the shot


def find_motion(
    seen: ForeseenShot, read: ReadAsset, models: VisionModels, check: Callable[[], None]
) -> dict[str, Any]:
    """What moves in the pictures of a shot, as ``metadata.motion`` will say it.

    Args:
        seen: the shot.
        read: finds the file of an asset.
        models: the neural networks.
        check: called between the steps; raises to stop.

    Returns:
        With ``warnings`` for motion control; with them alone if the task would fail.
    """
    # As in a render: more threads would contend with whatever else this process does.
    cv2.setNumThreads(1)
    board, intent = _small(seen.storyboard), unstyled(seen.intent)
    seed = board.seed + seen.index
    context = ShotContext(
        board,
        seen.shot,
        read,
        intent,
        path(intent.camera, seen.count, board.fps, board.guidance, seed),
        models,
        check,
        seen.share,
        largest=round(_FINE * SIDE),
    )
    try:
        if board.driving:
            return preview_driven(context)
        found: dict[str, Any] = renderer_for(context).notes["motion"]
    except InputsRefused as refusal:
        return {"warnings": [refused(refusal.message)]}
    finally:
        trim()
    return found


def _small(storyboard: Storyboard) -> Storyboard:
    """The same video with few pixels."""
    scale = min(1.0, SIDE / max(storyboard.width, storyboard.height))
    width, height = (
        max(round(side * scale / 2) * 2, 16) for side in (storyboard.width, storyboard.height)
    )
    return replace(storyboard, width=width, height=height)
