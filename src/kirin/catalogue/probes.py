"""Provisional plans, to find out what engines support before any media are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kirin.catalogue.card import Card
from kirin.catalogue.plan import Materials, Plan
from kirin.domain.assets import Asset, AssetKind
from kirin.domain.lips import FaceBox, FaceSession, FaceTrack
from kirin.domain.subject import Subject, SubjectDraft, SubjectKind

PICTURE = Asset.announced(AssetKind.IMAGE)
VIDEO = Asset.announced(AssetKind.VIDEO)


def provisional(card: Card, params: Mapping[str, Any]) -> Plan:
    """The plan of a request whose images and videos have not been fetched.

    Args:
        card: the model.
        params: as a client sends them; subjects are assumed to have two images, and faces to be
            seen throughout.

    Raises:
        ValueError: they are invalid.
    """
    checked = card.check(params)
    if checked.problems:
        raise ValueError(f"{card.id}: {checked.problems[0].param} {checked.problems[0].message}")
    media = {
        place.path: Asset.announced(place.parameter.kind) for place in card.media(checked.values)
    }
    subject = SubjectDraft("subject", "", SubjectKind.IMAGE, (PICTURE, PICTURE))
    subjects = {
        place.value: Subject(place.value, "", subject, 0) for place in card.subjects(checked.values)
    }
    faces = tuple(_face(place.value) for place in card.faces(checked.values))
    sessions = {
        place.value: FaceSession(place.value, VIDEO, faces)
        for place in card.face_sessions(checked.values)
    }
    return card.plan(checked.values, Materials(media, subjects, sessions), 0)


def _face(id: str) -> FaceTrack:
    """A face that is seen throughout."""
    ends = (0.0, VIDEO.seconds or 0.0)
    return FaceTrack(id, tuple(FaceBox(at, 100, 100, 200, 200) for at in ends))
