"""Records that stand in rows as JSON, in more rooms than one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.element import Element, ElementDraft, ElementKind


def asset_to_json(asset: Asset) -> dict[str, Any]:
    """An asset as JSON values."""
    return asdict(asset) | {"fps": str(asset.fps) if asset.fps else None}


def asset_from_json(facts: Mapping[str, Any]) -> Asset:
    """What :func:`asset_to_json` has written."""
    fps = Fraction(facts["fps"]) if facts["fps"] else None
    return Asset(**{**facts, "kind": AssetKind(facts["kind"]), "fps": fps})


def element_to_json(element: Element) -> dict[str, Any]:
    """An element as JSON values, by column of its table."""
    draft = element.draft
    return {
        "id": element.id,
        "account": element.account,
        "created_at": element.created_at,
        "name": draft.name,
        "description": draft.description,
        "kind": draft.kind.value,
        "views": [asset_to_json(view) for view in draft.views],
        "video": asset_to_json(draft.video) if draft.video else None,
        "tags": list(draft.tags),
    }


def element_from_json(facts: Mapping[str, Any]) -> Element:
    """What :func:`element_to_json` has written."""
    draft = ElementDraft(
        name=facts["name"],
        description=facts["description"],
        kind=ElementKind(facts["kind"]),
        views=tuple(asset_from_json(view) for view in facts["views"]),
        video=asset_from_json(facts["video"]) if facts["video"] else None,
        tags=tuple(facts["tags"]),
    )
    return Element(facts["id"], facts["account"], draft, facts["created_at"])
