"""Sessions of found faces: each is the task that has looked for them, for a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kirin.catalogue.card import Card
from kirin.catalogue.registry import Catalogue
from kirin.clock import now_ms
from kirin.database.engine import Database
from kirin.domain.assets import Asset
from kirin.domain.lips import FaceBox, FaceSession, FaceTrack
from kirin.domain.task import Status, Task
from kirin.errors import KirinError
from kirin.tasks import store

VALID_MS: Final = 24 * 3600 * 1000
"""How long a session can be used after its faces were found, as in the family's public API."""

FACES: Final = "faces"
"""Where a task's metadata holds the faces that it has found, or whose lips it moves."""


class FaceSessionRefused(KirinError):
    """A session cannot be used.

    Attributes:
        code: stable identifier of the reason.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class FaceSessions:
    """The sessions of all accounts: the tasks of models that look for faces."""

    database: Database
    catalogue: Catalogue

    def find(self, account: str, id: str) -> FaceSession:
        """A session of an account.

        Args:
            id: of the task that has looked for the faces.

        Raises:
            FaceSessionRefused: there is none of that name, it has not ended well, or it is over.
        """
        with self.database.read() as connection:
            task = store.find(connection, account, id)
        if task is None or not self.catalogue.get(task.model).finds_faces:
            raise FaceSessionRefused(
                "unknown_session",
                f"this account has no session {id!r}: it is the session_id in the text that "
                "kirin_identify_face returns",
            )
        if not task.status.final:
            raise FaceSessionRefused(
                "session_unfinished", f"session {id} still looks for faces: wait until it completes"
            )
        faces = faces_of(task)
        if task.status is not Status.COMPLETED or not faces:
            raise FaceSessionRefused("no_faces", f"session {id} has found no faces")
        if task.expired_at is not None or now_ms() - (task.finished_at or 0) > VALID_MS:
            raise FaceSessionRefused(
                "session_over", f"session {id} is over, they last 24 hours: look for faces again"
            )
        (video,) = task.assets.values()
        return FaceSession(task.id, video, faces)


def faces_of(task: Task) -> tuple[FaceTrack, ...]:
    """The faces in a task's metadata."""
    return tuple(_face(facts) for facts in task.metadata.get(FACES, ()))


def sessions_of(task: Task, card: Card, media: Mapping[str, Asset]) -> dict[str, FaceSession]:
    """The sessions that a task uses, by id, each with the faces whose lips it moves.

    They were copied into the task when it was made: the session itself may be over by now.

    Args:
        card: of the task's model.
        media: what is known of its media, by path.
    """
    faces = faces_of(task)
    return {
        place.value: FaceSession(place.value, media[place.path], faces)
        for place in card.face_sessions(dict(task.params))
    }


def faces_to_json(faces: Sequence[FaceTrack]) -> list[dict[str, Any]]:
    """Faces as a task's metadata tells of them: where each is, in pixels, at which second."""
    return [
        {
            "face_id": face.id,
            "boxes": [
                {
                    "seconds": round(box.seconds, 3),
                    "left": round(box.left, 1),
                    "top": round(box.top, 1),
                    "right": round(box.right, 1),
                    "bottom": round(box.bottom, 1),
                }
                for box in face.boxes
            ],
        }
        for face in faces
    ]


def _face(facts: Mapping[str, Any]) -> FaceTrack:
    return FaceTrack(facts["face_id"], tuple(FaceBox(**box) for box in facts["boxes"]))
