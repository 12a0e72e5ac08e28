"""Writes the archive of art from the icons of Fluent Emoji."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from zipfile import ZIP_LZMA, ZipFile, ZipInfo

SIDE = 32
_TONES = r"-(light|medium-light|medium|medium-dark|dark)"
_SKIN = re.compile(rf"{_TONES}({_TONES})?$")
_ID = re.compile(r'id="([^"]+)"')
_USE = re.compile(r'(url\(#|href="#)([^)"]+)')
_SHAPE = re.compile(r"<(?:path|rect|circle)\b[^>]*?/>")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_EPOCH = (2026, 1, 1, 0, 0, 0)  # of every file, so that the archive is the same each time


def bodies(package: Path) -> dict[str, str]:
    """The body of every icon without skin tones, on a square of 32 by 32, by id."""
    icons = json.loads((package / "icons.json").read_text())["icons"]
    cuts = tomllib.loads((Path(__file__).parent / "facts.toml").read_text())["cut"]
    return {
        name: _square(
            _shortened(without(icon["body"], cuts.get(name, []))),
            icon.get("width", SIDE),
            icon.get("height", SIDE),
        )
        for name, icon in sorted(icons.items())
        if not _SKIN.search(name)
    }


def write_archive(drawings: dict[str, str], path: Path) -> None:
    """Each drawing is compressed by itself, so that one can be read without the others."""
    with ZipFile(path, "w", ZIP_LZMA) as archive:
        for name, body in drawings.items():
            info = ZipInfo(name, _EPOCH)
            info.compress_type = ZIP_LZMA
            archive.writestr(info, body)


def without(body: str, marks: list[str]) -> str:
    """Leave out the shapes in whose markup one of the marks stands."""
    return _SHAPE.sub(lambda match: "" if _marked(match[0], marks) else match[0], body)


def only(body: str, marks: list[str]) -> str:
    """Leave out the shapes in whose markup none of the marks stands."""
    return _SHAPE.sub(lambda match: match[0] if _marked(match[0], marks) else "", body)


def _marked(shape: str, marks: list[str]) -> bool:
    return any(mark in shape for mark in marks)


def _shortened(body: str) -> str:
    """Give the gradients and filters names of one or two letters."""
    names = {name: _name(index) for index, name in enumerate(dict.fromkeys(_ID.findall(body)))}
    body = _ID.sub(lambda match: f'id="{names[match[1]]}"', body)
    return _USE.sub(lambda match: match[1] + names.get(match[2], match[2]), body)


def _name(index: int) -> str:
    """A, b, ... z, aa, ab, ..."""
    rest, last = divmod(index, len(_LETTERS))
    return (_name(rest - 1) if rest else "") + _LETTERS[last]


def _square(body: str, width: int, height: int) -> str:
    """Centre a drawing of another format on the square, as large as fits."""
    side = max(width, height)
    if (width, height) == (SIDE, SIDE):
        return body
    scale = SIDE / side
    across, down = (SIDE - width * scale) / 2, (SIDE - height * scale) / 2
    return f'<g transform="translate({across:g} {down:g}) scale({scale:.6f})">{body}</g>'
