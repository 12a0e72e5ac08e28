"""Records that several modules store as JSON in rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.subject import Portrait, Subject, SubjectDraft, SubjectKind
from kirin.domain.tariff import Tariff


def asset_to_json(asset: Asset) -> dict[str, Any]:
    """An asset as JSON values."""
    return asdict(asset) | {"fps": str(asset.fps) if asset.fps else None}


def asset_from_json(facts: Mapping[str, Any]) -> Asset:
    """The inverse of :func:`asset_to_json`."""
    fps = Fraction(facts["fps"]) if facts["fps"] else None
    return Asset(**{**facts, "kind": AssetKind(facts["kind"]), "fps": fps})


def subject_to_json(subject: Subject) -> dict[str, Any]:
    """A subject as JSON values, by column of its table."""
    draft = subject.draft
    return {
        "id": subject.id,
        "account": subject.account,
        "created_at": subject.created_at,
        "name": draft.name,
        "description": draft.description,
        "kind": draft.kind.value,
        "views": [asset_to_json(view) for view in draft.views],
        "video": asset_to_json(draft.video) if draft.video else None,
        "tags": list(draft.tags),
        "portrait": _portrait_to_json(draft.portrait) if draft.portrait else None,
    }


def subject_from_json(facts: Mapping[str, Any]) -> Subject:
    """What :func:`subject_to_json` has written."""
    draft = SubjectDraft(
        name=facts["name"],
        description=facts["description"],
        kind=SubjectKind(facts["kind"]),
        views=tuple(asset_from_json(view) for view in facts["views"]),
        video=asset_from_json(facts["video"]) if facts["video"] else None,
        tags=tuple(facts["tags"]),
        # Older rows of tasks lack it.
        portrait=_portrait_from_json(facts["portrait"]) if facts.get("portrait") else None,
    )
    return Subject(facts["id"], facts["account"], draft, facts["created_at"])


def _portrait_to_json(portrait: Portrait) -> dict[str, Any]:
    return {
        "thumbnail": asset_to_json(portrait.thumbnail),
        "cutout": asset_to_json(portrait.cutout) if portrait.cutout else None,
        "joints": [list(joint) for joint in portrait.joints],
    }


def _portrait_from_json(facts: Mapping[str, Any]) -> Portrait:
    return Portrait(
        thumbnail=asset_from_json(facts["thumbnail"]),
        cutout=asset_from_json(facts["cutout"]) if facts["cutout"] else None,
        joints=tuple((x, y, seen) for x, y, seen in facts["joints"]),
    )


def tariff_to_json(tariff: Tariff) -> dict[str, Any]:
    """A tariff as JSON values: decimals as text, exactly."""
    return {
        "rate": str(tariff.rate),
        "unit": tariff.unit,
        "extra": str(tariff.extra),
        "percent": str(tariff.percent),
    }


def tariff_from_json(facts: Mapping[str, Any]) -> Tariff:
    """The inverse of :func:`tariff_to_json`."""
    return Tariff(
        Decimal(facts["rate"]), facts["unit"], Decimal(facts["extra"]), Decimal(facts["percent"])
    )
