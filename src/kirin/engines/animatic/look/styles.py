"""The look of a clip: the styles that a prompt names, over finished frames.

For whoever puts a shot together::

    look = look_of(intent.cast, context.size, float(fps), seed, samples=(renderer.frame(0),))
    frame = look.draw(renderer, index)

``samples`` are frames without a look, from which pixel art takes its palette; give the first and
the last one where the scene changes. Without a style :meth:`Look.apply` returns the frame itself.
The pace (:mod:`.pace`) and the focus (:mod:`.focus`) of a style are not in here: they belong to
the drawing of the frame.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kirin.domain.cast import Cast, Style
from kirin.domain.frame import Frame
from kirin.engines.animatic.look.air import Airy, Drawn, lay_air
from kirin.engines.animatic.look.drawing import Cel, InkWash, Sketch
from kirin.engines.animatic.look.film import FilmGrain, Vhs
from kirin.engines.animatic.look.frame_format import FrameFormat
from kirin.engines.animatic.look.frame_style import FrameStyle, neutral
from kirin.engines.animatic.look.glow import Neon
from kirin.engines.animatic.look.low_poly import LowPoly
from kirin.engines.animatic.look.painting import Oil, Pastel, Watercolour
from kirin.engines.animatic.look.pixel_art import PixelArt
from kirin.engines.animatic.look.tone import BlackAndWhite, HighContrast, Noir, Sepia
from kirin.engines.animatic.look.vintage import Vintage
from kirin.vision.planes import Planes

_STYLES: dict[Style, Callable[[FrameFormat], FrameStyle]] = {
    # First how the picture is made, then its tones, then the medium that it is kept on.
    Style.LOW_POLY: LowPoly,
    Style.OIL: Oil,
    Style.WATERCOLOUR: Watercolour,
    Style.PASTEL: Pastel,
    Style.INK_WASH: InkWash,
    Style.CEL: Cel,
    Style.SKETCH: Sketch,
    Style.NEON: Neon,
    Style.HIGH_CONTRAST: lambda _: HighContrast(),
    Style.VINTAGE: Vintage,
    Style.BLACK_AND_WHITE: lambda _: BlackAndWhite(),
    Style.NOIR: Noir,
    Style.SEPIA: Sepia,
    Style.PIXEL_ART: PixelArt,
    Style.FILM_GRAIN: FilmGrain,
    Style.VHS: Vhs,
}
"""How each style is made, in the order in which they are applied."""

_OF_INK = frozenset((Style.INK_WASH, Style.SKETCH))
"""Styles without the picture's colours."""

_SMOOTHING = _OF_INK | {Style.LOW_POLY, Style.OIL, Style.WATERCOLOUR, Style.PASTEL, Style.CEL}
"""Styles in which small things are lost: flakes, drops, petals. They come first."""

_COLOURLESS = frozenset((Style.BLACK_AND_WHITE, Style.NOIR))


class Look:
    """Styles over the frames of one clip.

    Args:
        styles: in any order; those that are no style of finished frames are passed over.
        size: width and height of the frames, both even.
        fps: frames per second.
        seed: of everything random, from 0.
        samples: frames without a look, from which a palette is made.
    """

    def __init__(
        self,
        styles: Sequence[Style],
        size: tuple[int, int],
        fps: float,
        seed: int,
        samples: Sequence[Frame] = (),
    ) -> None:
        form = FrameFormat(*size, fps, seed)
        self.styles = tuple(style for style in _STYLES if style in styles)
        self._smooths = bool(_SMOOTHING & set(styles))  # small things are lost in it
        self._applied: list[FrameStyle] = []
        for style in self.styles:
            if style is Style.PIXEL_ART:
                # The palette is that of the picture as the styles before leave it.
                self._applied.append(PixelArt(form, [self.apply(each, 0) for each in samples]))
            else:
                self._applied.append(_STYLES[style](form))
        self._coloured = not _OF_INK & set(styles)
        # Sepia tones a black and white print.
        self._grey = bool(_COLOURLESS & set(styles)) and Style.SEPIA not in styles

    def draw(self, source: Drawn, index: int) -> Frame:
        """A frame of a renderer or a scene, with the look."""
        frame = source.frame(index)
        clear = source.clear(index) if self._smooths and isinstance(source, Airy) else None
        return self.apply(frame, index, clear)

    def apply(self, frame: Frame, index: int, clear: Frame | None = None) -> Frame:
        """A frame with the look; the given ones are left as they are.

        Args:
            frame: to be styled.
            index: its number in the clip.
            clear: the same without what is in the air, which is then laid over what smooths it
                away.
        """
        if not self._applied:
            return frame
        bare = clear if self._smooths else None
        styled = (frame if bare is None else bare).copy()
        planes = Planes.of_frame(styled)
        for style, applied in zip(self.styles, self._applied, strict=True):
            if bare is not None and style not in _SMOOTHING:
                lay_air(styled, frame, bare, coloured=self._coloured)
                bare = None
            applied.apply(planes, index)
        if bare is not None:
            lay_air(styled, frame, bare, coloured=self._coloured)
        if self._grey:
            neutral(planes)
        return styled


def look_of(
    cast: Cast, size: tuple[int, int], fps: float, seed: int, samples: Sequence[Frame] = ()
) -> Look:
    """The look that a cast's styles ask for."""
    return Look(cast.styles, size, fps, seed, samples)
