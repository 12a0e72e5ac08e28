"""Lines as an illustrator draws them, from differences of Gaussians."""

from __future__ import annotations

import numpy as np

from kirin.engines.animatic.look.frame_style import Field, levels, soft


def drawn_lines(tone: Field, sigma: float, gain: float, least: float = 0.012) -> Field:
    """Lines along the dark sides of edges: 0 none to 1 full.

    Extended difference of Gaussians (Winnemöller 2011, "XDoG: advanced image stylization"), with
    a linear ramp instead of its hyperbolic tangent.

    Args:
        tone: brightness, 0 to 1.
        sigma: width of the lines in pixels.
        gain: how fast a line gets full with the contrast of its edge.
        least: contrast below which nothing is drawn, against grain.
    """
    near = soft(tone, sigma)
    wide = soft(near, sigma * 1.25)  # together 1.6 sigma
    ink = (wide - near - np.float32(least)) * np.float32(gain)
    return np.asarray(np.clip(ink, 0, 1), np.float32)


def lightness(y: Field) -> Field:
    """Luma as brightness from 0 to 1, in which haze and night have the contrast of a clear day."""
    share = np.clip(levels(y, 2, 96, 70.0), 0, 1.2)
    return np.asarray(share ** np.float32(0.75), np.float32)
