"""English and Chinese names and tags of the art, from emojibase."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FOLDED = str.maketrans({"é": "e", "å": "a", "ã": "a", "í": "i", "ô": "o", "ñ": "", "&": "and"})


@dataclass(frozen=True)
class Named:
    """What emojibase says of one concept."""

    english: str
    chinese: str
    subgroup: str
    english_tags: tuple[str, ...]
    chinese_tags: tuple[str, ...]


def names(package: Path, ids: list[str]) -> dict[str, Named]:
    """The names of all ids; those with another name in emojibase stand in ``names.toml``."""
    renamed = tomllib.loads((Path(__file__).parent / "names.toml").read_text())
    groups = json.loads((package / "meta" / "groups.json").read_text())["subgroups"]
    english = {_slug(each["label"]): each for each in _read(package, "en")}
    chinese = {each["hexcode"]: each for each in _read(package, "zh")}
    found = {}
    for name in ids:
        entry = english[renamed["label"].get(name, name)]
        local = chinese[entry["hexcode"]]
        subgroup = groups[str(entry["subgroup"])] if "subgroup" in entry else "keycap"
        found[name] = Named(
            renamed["english"].get(name, entry["label"]),
            renamed["chinese"].get(name, local["label"]),
            subgroup,
            tuple(entry.get("tags", ())),
            tuple(local.get("tags", ())),
        )
    return found


def _read(package: Path, language: str) -> list[dict[str, Any]]:
    """All entries, those that are a form of another one included."""
    entries: list[dict[str, Any]] = json.loads((package / language / "data.json").read_text())
    return entries


def _slug(label: str) -> str:
    """As the icons write a label: "one o'clock" is one-oclock."""
    plain = re.sub(r"[’'.]", "", label.lower()).translate(_FOLDED)
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")
