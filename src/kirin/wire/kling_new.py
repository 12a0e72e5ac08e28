"""Kling's own API in its new standard: the model stands in the address, and keys are sent as they
are.

As in its public documentation (kling.ai, "API reference", as of September 2026).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

TEXT: Final = "/text-to-video"
IMAGE: Final = "/image-to-video"
OMNI: Final = "/omni-video"
MOTION: Final = "/motion-control"
TASKS: Final = "/tasks"

MODELS: Final[Mapping[str, tuple[str, str]]] = {
    "kirin_v2_5_turbo_t2v": (TEXT, "kling-2.5-turbo"),
    "kirin_v2_6_t2v": (TEXT, "kling-2.6"),
    "kirin_v3_t2v": (TEXT, "kling-3.0"),
    "kirin_v2_5_turbo_i2v": (IMAGE, "kling-2.5-turbo"),
    "kirin_v2_6_i2v": (IMAGE, "kling-2.6"),
    "kirin_v3_i2v": (IMAGE, "kling-3.0"),
    "kirin_v3_omni_video": (OMNI, "kling-3.0-omni"),
    "kirin_video_o1": (OMNI, "kling-o1"),
    "kirin_v3_motion_control": (MOTION, "kling-3.0"),
}
"""By Kirin model id: the address, and the name that follows in it."""

ABSENT: Final = (
    (TEXT, "kling-3.0-turbo"),
    (IMAGE, "kling-3.0-turbo"),
    (MOTION, "kling-2.6"),
)
"""Models of the family that are none of ours."""

SUCCEEDED: Final = "succeeded"
"""The one status whose word is another than in the legacy standard."""

RESOLUTIONS: Final[Mapping[str, str]] = {"720p": "std", "1080p": "pro"}
"""What the legacy standard calls modes."""

NATIVE: Final = "native"
ORIGINAL: Final = "original"
OFF: Final = "off"
"""Whether a video has sound: one that is made for it, that of its reference, or none."""
