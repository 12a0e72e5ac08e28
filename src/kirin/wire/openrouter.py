"""What OpenRouter's API for videos says on the wire."""

from __future__ import annotations

from typing import Final, Literal

BASE: Final = "/api/v1"
"""What programs have at the end of their base URL."""

VIDEOS: Final = f"{BASE}/videos"
MODELS: Final = f"{VIDEOS}/models"

VideoStatus = Literal["pending", "in_progress", "completed", "failed", "cancelled", "expired"]

PENDING: Final = "pending"
IN_PROGRESS: Final = "in_progress"
COMPLETED: Final = "completed"
FAILED: Final = "failed"
CANCELLED: Final = "cancelled"
EXPIRED: Final = "expired"
FINAL: Final = frozenset({COMPLETED, FAILED, CANCELLED, EXPIRED})

IMAGE_URL: Final = "image_url"
VIDEO_URL: Final = "video_url"
AUDIO_URL: Final = "audio_url"
PART_TYPES: Final = (IMAGE_URL, VIDEO_URL, AUDIO_URL)
"""Of parts with media: each has a member of this name, an object with ``url``."""

FIRST_FRAME: Final = "first_frame"
LAST_FRAME: Final = "last_frame"
FRAME_TYPES: Final = (FIRST_FRAME, LAST_FRAME)

EVENTS: Final = {
    COMPLETED: "video.generation.completed",
    FAILED: "video.generation.failed",
    CANCELLED: "video.generation.cancelled",
    EXPIRED: "video.generation.expired",
}
"""Types of webhook events, by the status that they tell of."""


def video_path(id: str) -> str:
    """The path of a video."""
    return f"{VIDEOS}/{id}"
