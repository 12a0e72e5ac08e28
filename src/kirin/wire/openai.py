"""OpenAI videos: addresses below ``/v1``, the words for the state of a video, and error codes."""

from __future__ import annotations

from typing import Final, Literal

VideoStatus = Literal["queued", "in_progress", "completed", "failed"]

QUEUED: Final = "queued"
IN_PROGRESS: Final = "in_progress"
COMPLETED: Final = "completed"
FAILED: Final = "failed"

VIDEOS: Final = "/videos"
CONTENT: Final = "/content"
"""Below a video: its file, which the key opens."""

INSUFFICIENT_QUOTA: Final = "insufficient_quota"
RATE_LIMIT_EXCEEDED: Final = "rate_limit_exceeded"
MODEL_NOT_FOUND: Final = "model_not_found"
