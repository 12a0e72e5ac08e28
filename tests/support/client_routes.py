"""What the routes of our clients are held against, in each language."""

from __future__ import annotations

OTHERWISE = {
    ("GET", "/model/v1/generation/task/{task_id}/stream"): "stream",
    ("GET", "/model/v1/events"): "events",
    ("GET", "/files/{key}"): "download",
    ("GET", "/model/v1/generation/zip"): "download",
}
"""Routes of methods that take more than one request, or a link."""
