"""Lettering: words set in lines within a box, Chinese and English alike."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from importlib import resources
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from kirin.engines.animatic.look.frame_style import Field

_FONT = "NotoSansCJKsc-Bold-GB2312.otf"
_LEADING = 1.28
"""Distance of lines in font sizes."""

_IDEOGRAPH = "\u3400-\u9fff\uf900-\ufaff"
# A piece stays whole: an ideograph with the punctuation after it, or a word. A line may not begin
# with a closing mark, nor end with an opening one; particles stay with the word that they follow.
_PIECE = re.compile(
    rf"\s+|[（《「『“‘]*[{_IDEOGRAPH}][的了着过吗呢吧们]*[，。！？、；：）》」』”’…]*|[^\s{_IDEOGRAPH}]+"
)


@dataclass(frozen=True, slots=True)
class SetWords:
    """Words as they were set.

    Attributes:
        lines: from top to bottom.
        size: of the font in pixels.
        alpha: coverage by letters, 0 to 1, shape of the box.
    """

    lines: tuple[str, ...]
    size: int
    alpha: Field


class Typeface:
    """The typeface that ships with Kirin: the simplified Chinese of GB 2312 and Latin."""

    def __init__(self) -> None:
        font = resources.files("kirin.engines.animatic.look") / "font" / _FONT
        self._data = font.read_bytes()
        self._fonts: dict[int, ImageFont.FreeTypeFont] = {}

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        """The font at a size in pixels."""
        if size not in self._fonts:
            self._fonts[size] = ImageFont.truetype(BytesIO(self._data), size)
        return self._fonts[size]

    def shown(self, words: str) -> str:
        """The words in letters that the typeface has: without accents, or as "□", if need be."""
        out = []
        for letter in words:
            plain = unicodedata.normalize("NFKD", letter)[:1]
            out.append(next((each for each in (letter, plain) if self._has(each)), "□"))
        return "".join(out)

    def _has(self, letter: str) -> bool:
        return letter.isspace() or self.at(24).getmask(letter).getbbox() is not None

    def set_words(
        self, words: str, width: int, height: int, largest: int, smallest: int = 8
    ) -> SetWords:
        """Set words as large as they fit into a box, centred; what does not fit ends in "…".

        Args:
            words: to be set.
            width, height: of the box in pixels.
            largest, smallest: sizes of the font in pixels.
        """
        words = self.shown(" ".join(words.split()))
        low, high = min(smallest, largest), largest
        while low < high:
            size = (low + high + 1) // 2
            fits = self._fits(self._wrap(words, size, width), size, width, height)
            low, high = (size, high) if fits else (low, size - 1)
        lines = self._wrap(words, low, width)
        most = max(1, int(height / (low * _LEADING)))
        if len(lines) > most:
            lines = [*lines[: most - 1], lines[most - 1].rstrip("，。,. ") + "…"]
        else:
            lines = self._balanced(words, low, width, len(lines))
        return SetWords(tuple(lines), low, self._draw(lines, low, width, height))

    def _fits(self, lines: list[str], size: int, width: int, height: int) -> bool:
        font = self.at(size)
        wide = max((font.getlength(line) for line in lines), default=0.0)
        return wide <= width and len(lines) * size * _LEADING <= height

    def _wrap(self, words: str, size: int, width: float) -> list[str]:
        font = self.at(size)
        lines, line = [], ""
        for piece in _PIECE.findall(words):
            if line.strip() and font.getlength((line + piece).strip()) > width:
                lines.append(line.strip())
                line = ""
            line += piece
        return [*lines, line.strip()] if line.strip() else lines

    def _balanced(self, words: str, size: int, width: int, count: int) -> list[str]:
        """Lines of similar length: the narrowest column that takes no more of them."""
        low, high = width * 0.4, float(width)
        for _ in range(10):
            middle = (low + high) / 2
            lines = self._wrap(words, size, middle)
            fits = len(lines) <= count and self._fits(lines, size, width, count * size * 2)
            low, high = (low, middle) if fits else (middle, high)
        return self._wrap(words, size, high)

    def _draw(self, lines: list[str], size: int, width: int, height: int) -> Field:
        font = self.at(size)
        mask = Image.new("L", (width, height))
        draw = ImageDraw.Draw(mask)
        top = height / 2 - len(lines) * size * _LEADING / 2
        for number, line in enumerate(lines):
            middle = top + (number + 0.5) * size * _LEADING
            draw.text((width / 2, middle), line, fill=255, font=font, anchor="mm")
        return np.asarray(np.asarray(mask, np.float32) / 255, np.float32)
