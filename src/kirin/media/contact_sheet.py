"""Contact sheets: a grid of a video's pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from kirin.media.decode import facts, frames_at

_GAP: Final = 4
_GROUND: Final = (24, 24, 24)


def contact_sheet(
    video: Path, png: Path, columns: int = 4, rows: int = 2, width: int = 1600
) -> None:
    """Draw evenly spaced pictures of a video, the first and the last among them, as a grid.

    Args:
        video: the video.
        png: the file to write.
        columns, rows: size of the grid, at least 1 each; a video of fewer frames fills less.
        width: pixels of the sheet; its height follows from the video's aspect.

    Raises:
        MediaRefused: the video cannot be read.
        OSError: a file cannot be read or written.
    """
    about = facts(video)
    cells = min(columns * rows, about.frame_count)
    wanted = np.linspace(0, about.last, cells).tolist()
    cell_width = max(1, (width - _GAP * (columns + 1)) // columns)
    cell_height = max(1, round(cell_width * about.height / about.width))
    lines = -(-cells // columns)
    sheet = Image.new("RGB", (width, lines * (cell_height + _GAP) + _GAP), _GROUND)
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(max(10, cell_width // 20))
    for cell, (seconds, picture) in enumerate(frames_at(video, wanted)):
        line, column = divmod(cell, columns)
        corner = (_GAP + column * (cell_width + _GAP), _GAP + line * (cell_height + _GAP))
        small = Image.fromarray(picture).resize((cell_width, cell_height), Image.Resampling.BOX)
        sheet.paste(small, corner)
        minutes, rest = divmod(round(seconds * 100), 6000)
        draw.text(
            (corner[0] + 6, corner[1] + 4),
            f"{minutes}:{rest / 100:05.2f}",
            fill="white",
            font=font,
            stroke_width=2,
            stroke_fill="black",
        )
    sheet.save(png)
