"""What is told of a given video: of its camera, its cuts, its sound, and of what is not done."""

from __future__ import annotations

from math import degrees
from typing import Any, Final

import numpy as np

from kirin.domain.footage import Footage
from kirin.engines.animatic.footage.survey import FootageSurvey

_MOVES: Final = (
    ("pan_left", "pan_right", 0.03),
    ("tilt_up", "tilt_down", 0.03),
    ("zoom_out", "zoom_in", 0.04),
    ("roll_counter", "roll_clockwise", 0.02),
)
"""Words for a fall and a rise of each axis of a camera's path, and the least that counts."""

_SHAKES: Final = 0.0015  # widths by which a hand's camera jitters from frame to frame


def told_of_camera(survey: FootageSurvey, fps: float) -> dict[str, Any]:
    """The camera of a video, as JSON values: words, and figures of its whole way.

    Args:
        survey: of the video.
        fps: frames per second that it was looked through with.
    """
    cuts = [round(cut / fps, 2) for cut in survey.motion.cuts]
    if survey.motion.trust < 0.5:
        return {"camera": None, "cuts": cuts}
    poses = survey.poses()
    axes = np.array([(p.x, p.y, np.log(p.zoom), p.roll) for p in poses])
    starts = [0, *survey.motion.cuts]
    ends = [*survey.motion.cuts, len(poses)]
    whole = sum(axes[end - 1] - axes[start] for start, end in zip(starts, ends, strict=True))
    moves = [
        (rises if way > 0 else falls)
        for way, (falls, rises, least) in zip(np.atleast_1d(whole).tolist(), _MOVES, strict=True)
        if abs(way) >= least
    ]
    jitter = float(np.abs(np.diff(axes[:, :2], n=2, axis=0)).mean()) if len(axes) > 2 else 0.0
    if jitter > _SHAKES:
        moves.append("handheld")
    x, y, zoom, roll = np.atleast_1d(whole).tolist()
    return {
        "camera": {
            "moves": moves or ["static"],
            "right": round(x, 3),
            "down": round(y, 3),
            "zoom": round(float(np.exp(zoom)), 3),
            "roll_degrees": round(degrees(roll), 1),
        },
        "cuts": cuts,
    }


def sound_told(footage: Footage) -> dict[str, Any]:
    """Whether the video's sound is kept."""
    if not footage.keep_sound:
        return {"sound": "not kept"}
    return {"sound": "kept" if footage.video.has_audio else "the video has none"}
