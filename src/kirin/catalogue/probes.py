"""Provisional plans, to find out what engines support before any media are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kirin.catalogue.card import Card
from kirin.catalogue.plan import Materials, Plan
from kirin.catalogue.references import Picture
from kirin.domain.assets import Asset, AssetKind
from kirin.domain.subject import Subject, SubjectDraft, SubjectKind

PICTURE, VIDEO = (Asset.announced(kind) for kind in (AssetKind.IMAGE, AssetKind.VIDEO))


def provisional(card: Card, params: Mapping[str, Any]) -> Plan:
    """The plan of a request whose images and videos have not been fetched.

    Args:
        card: the model.
        params: as a client sends them; subjects are assumed to have two images.

    Raises:
        ValueError: they are invalid.
    """
    checked = card.check(params)
    if checked.problems:
        raise ValueError(f"{card.id}: {checked.problems[0].param} {checked.problems[0].message}")
    media = {
        place.path: PICTURE if isinstance(place.parameter, Picture) else VIDEO
        for place in card.media(checked.values)
    }
    subject = SubjectDraft("subject", "", SubjectKind.IMAGE, (PICTURE, PICTURE))
    subjects = {
        place.value: Subject(place.value, "", subject, 0) for place in card.subjects(checked.values)
    }
    return card.plan(checked.values, Materials(media, subjects), 0)
