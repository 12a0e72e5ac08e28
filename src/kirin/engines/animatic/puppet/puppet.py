"""A puppet: a character that is deformed into any posture of its skeleton."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.puppet.deformation import Deformation
from kirin.engines.animatic.puppet.drawing import Texture, draw, lay
from kirin.engines.animatic.puppet.mesh import Indices, Mesh
from kirin.engines.animatic.puppet.part_layers import PartLayer, cut_layers
from kirin.vision.kernels import Plane
from kirin.vision.planes import KB, KR, Planes, Rgb
from kirin.vision.pose.skeleton import BodyPart, Skeleton, Values

_PITCH = 0.085  # torso lengths between vertices
_LEAST_PITCH = 4.0  # pixels


@dataclass(frozen=True, slots=True, eq=False)
class Posture:
    """The posture of a puppet in one frame.

    Attributes:
        nodes: of the skeleton, shape (19, 2), in pixels of the character.
        order: its parts, from back to front.
        gaze: displacement of the face, x and y in pixels of the character.
        scale: magnification about the pelvis, for a character that comes nearer.
    """

    nodes: Values
    order: tuple[BodyPart, ...]
    gaze: Values
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class CharacterPlacement:
    """The position of a character in the video.

    Attributes:
        density: pixels of the character per pixel of the video.
        left, top: of the character's corner, in pixels of the video.
    """

    density: float
    left: float
    top: float

    def to_video(self, points: Values) -> Values:
        """Map pixels of the character to pixels of the video."""
        moved: Values = points / self.density + np.array([self.left, self.top])
        return moved


class Puppet:
    """A character, cut into parts and bound to its skeleton.

    Args:
        rgb, alpha: the character, shapes ``(h, w, 3)`` and ``(h, w)``; opaque outside.
        skeleton: in its pixels.
        limbs: those that move independently.
        border: the picture's border, shape ``(h, w)``.
        place: its position in the video.
    """

    def __init__(
        self,
        rgb: Rgb,
        alpha: Plane,
        skeleton: Skeleton,
        limbs: Sequence[BodyPart],
        border: NDArray[np.bool_],
        place: CharacterPlacement,
    ) -> None:
        layers = cut_layers(rgb, alpha, skeleton, limbs)
        pitch = max(_PITCH * skeleton.torso, _LEAST_PITCH)
        mesh = Mesh.over(layers, skeleton, pitch, border)
        self.skeleton = skeleton
        self.place = place
        self.borrowed = tuple(layer.part for layer in layers if layer.source != layer.part)
        self._mesh = mesh
        self._deformation = Deformation(mesh, skeleton.points)
        self._parts = {
            layer.part: _TexturedPart.of(layer, mesh, cells)
            for layer, cells in zip(layers, mesh.cells, strict=True)
        }

    def over(self, frame: Planes, posture: Posture) -> None:
        """Draw a posture over a frame's planes, in place."""
        shape = self._deformation.shape(posture.nodes)
        shape += self._mesh.head[:, None] * posture.gaze
        root = posture.nodes[0]
        at = self.place.to_video(root + posture.scale * (shape - root))
        rows, columns = frame.y.shape
        low = np.maximum(np.floor(at.min(axis=0) / 2).astype(int) * 2, 0)
        high = np.minimum(np.ceil(at.max(axis=0) / 2).astype(int) * 2, [columns, rows])
        if (high - low < 2).any():
            return
        canvas = np.zeros((high[1] - low[1], high[0] - low[0], 4), np.float32)
        at = at - low
        for part in posture.order:
            drawn = self._parts[part]
            draw(canvas, drawn.texture, drawn.triangles, at, drawn.source)
        lay(frame.y, frame.u, frame.v, canvas, int(low[0]), int(low[1]))


@dataclass(frozen=True, slots=True, eq=False)
class _TexturedPart:
    """A layer as texture, triangles, and positions of the vertices in the texture."""

    texture: Texture
    triangles: Indices
    source: Values

    @classmethod
    def of(cls, layer: PartLayer, mesh: Mesh, cells: Indices) -> _TexturedPart:
        rows, columns = (np.flatnonzero((layer.alpha > 0).any(axis=axis)) for axis in (1, 0))
        top, bottom = int(rows[0]) - 2, int(rows[-1]) + 3
        left, right = int(columns[0]) - 2, int(columns[-1]) + 3
        # Samples outside are not drawn: a transparent frame lets the edge fade out.
        height, width = layer.alpha.shape
        pad = ((max(-top, 0), max(bottom - height, 0)), (max(-left, 0), max(right - width, 0)))
        inner = np.s_[max(top, 0) : min(bottom, height), max(left, 0) : min(right, width)]
        colours = _yuv(np.pad(layer.rgb[inner], (*pad, (0, 0)), mode="edge"))
        alpha = np.pad(layer.alpha[inner], pad, mode="edge")
        texture = np.ascontiguousarray(np.dstack([colours, alpha]))
        source = mesh.rest - np.array([left, top])
        triangles = np.concatenate([cells[:, [0, 1, 2]], cells[:, [1, 3, 2]]])
        return cls(texture, np.ascontiguousarray(triangles), source)


def _yuv(rgb: Rgb) -> NDArray[np.uint8]:
    """BT.709 Y, U and V, limited range, at full resolution (see ``vision.planes``)."""
    red, green, blue = (rgb[..., k].astype(np.float32) for k in range(3))
    luma = KR * red + (1 - KR - KB) * green + KB * blue
    chroma = 112 / 255
    planes = (
        16 + 219 / 255 * luma,
        128 + (blue - luma) * (chroma / (1 - KB)),
        128 + (red - luma) * (chroma / (1 - KR)),
    )
    return np.round(np.dstack(planes)).astype(np.uint8)
