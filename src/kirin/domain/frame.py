"""A frame of a clip: its pixel format."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Frame = NDArray[np.uint8]
"""One picture of a clip: planar I420, shape ``(height * 3 // 2, width)``, C-contiguous uint8.

Colour is BT.709, limited range, chroma sited left (the default of H.264). The consumer may
keep a frame for as long as it likes: an engine never writes into one it has handed over.
"""
