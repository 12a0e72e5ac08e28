"""The text that a search for faces returns: JSON in a string, as the family's API has it.

Clients read ``session_id`` and ``face_data`` at the top or under ``data``: the API that this one
follows puts its whole envelope into the text, others only what is inside. Both find what they look
for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from kirin.domain.task import Task
from kirin.storage.links import Links

FACE_DATA = "face_data"


def found_in(task: Task) -> bool:
    """Whether a task's results are faces."""
    return any(FACE_DATA in result.extra for result in task.results)


def text(task: Task, link: Callable[[str], str]) -> str:
    """What was found, as JSON.

    Args:
        task: a completed search for faces; its own id is that of the session.
        link: gives the URL of a result.
    """
    pictures = {
        result.extra["face_id"]: link(result.key)
        for result in task.results
        if "face_id" in result.extra and result.key
    }
    (told,) = (result.extra[FACE_DATA] for result in task.results if FACE_DATA in result.extra)
    data = [{**face, "face_image": pictures.get(face["face_id"], "")} for face in told]
    return _enveloped(task.id, data)


def renew_links(given: str, links: Links, now: float) -> str:
    """The same text with its links signed anew.

    Args:
        now: Unix seconds.
    """
    shown: Mapping[str, Any] = json.loads(given)
    data = [
        {**face, "face_image": links.renew(face["face_image"], now)} if face["face_image"] else face
        for face in shown[FACE_DATA]
    ]
    return _enveloped(shown["session_id"], data)


def _enveloped(session: str, data: list[dict[str, Any]]) -> str:
    inside = {"session_id": session, FACE_DATA: data}
    return json.dumps(
        {"code": 0, "message": "success", "request_id": session, **inside, "data": inside}
    )
