"""As-rigid-as-possible deformation of a mesh that follows bones.

The energy, and the alternation of local rotations and a global linear solve, are those of Sorkine
and Alexa 2007 ("As-Rigid-As-Possible Surface Modeling"), applied to a 2-D mesh as in Igarashi,
Moscovich and Hughes 2005.
"""

from __future__ import annotations

import numpy as np

from kirin.engines.animatic.puppet.mesh import Indices, Mesh
from kirin.vision.compiled import compiled
from kirin.vision.pose.skeleton import Values

_ROUNDS = 4  # iterations: with the skinned mesh as the initial guess, more change little


class Deformation:
    """A mesh that follows its bones.

    The system matrix is the same in every frame, so it is inverted once. With a few hundred
    vertices it need not be sparse.

    Args:
        mesh: at rest.
        nodes: of the skeleton at rest, shape (19, 2), in pixels of the mesh.
    """

    def __init__(self, mesh: Mesh, nodes: Values) -> None:
        self._mesh = mesh
        starts = [bone.rest[0] for bone in mesh.bones]
        ends = [bone.rest[1] for bone in mesh.bones]
        self._from, self._along = nodes[starts], nodes[ends] - nodes[starts]
        self._fixed = np.einsum("hk,hkc->hc", mesh.shares, mesh.rest[mesh.held])
        count = len(mesh.rest)
        matrix = np.zeros((count, count))
        for (a, b), weight in zip(mesh.edges, mesh.stiffness, strict=True):
            matrix[a, a] += weight
            matrix[b, b] += weight
            matrix[a, b] -= weight
            matrix[b, a] -= weight
        held = np.zeros((len(mesh.held), count))
        np.put_along_axis(held, mesh.held, mesh.shares, axis=1)
        pulled = held.T * mesh.strength
        matrix += pulled @ held
        matrix[np.diag_indices(count)] += 1e-6  # regularises parts without constraints
        self._inverse = np.linalg.inv(matrix).astype(np.float64)

    def shape(self, nodes: Values) -> Values:
        """Positions of the vertices, shape (n, 2), for nodes of shape (19, 2)."""
        mesh = self._mesh
        starts = nodes[[bone.start for bone in mesh.bones]]
        along = nodes[[bone.end for bone in mesh.bones]] - starts
        old, new = np.hypot(*self._along.T), np.hypot(*along.T)
        ratio = new / np.maximum(old, 1e-6)
        turn = np.arctan2(along[:, 1], along[:, 0]) - np.arctan2(
            self._along[:, 1], self._along[:, 0]
        )
        axis = self._along / np.maximum(old, 1e-6)[:, None]
        stretch = np.eye(2) + (ratio - 1)[:, None, None] * axis[:, :, None] * axis[:, None, :]
        cos, sin = np.cos(turn), np.sin(turn)
        rotation = np.array([[cos, -sin], [sin, cos]]).transpose(2, 0, 1)
        # Linear blend skinning gives the initial guess and the stretch of each edge.
        guess = np.zeros_like(mesh.rest)
        for number in range(len(mesh.bones)):
            local = (mesh.rest - self._from[number]) @ (rotation[number] @ stretch[number]).T
            guess += mesh.pull[:, [number]] * (local + starts[number])
        stretched = np.einsum("nb,bij->nij", mesh.pull, stretch)
        bone = mesh.handles[:, 0].astype(int)
        across = np.stack([-along[:, 1], along[:, 0]], axis=1)
        # A head rotates with its bone, but does not widen with it.
        across *= np.minimum(1.0, 1.0 / np.maximum(ratio, 1e-6))[:, None]
        targets = np.where(
            (bone < 0)[:, None],
            self._fixed,
            starts[bone] + mesh.handles[:, 1:2] * along[bone] + mesh.handles[:, 2:3] * across[bone],
        )
        weights = mesh.shares * mesh.strength[:, None]
        count = len(mesh.rest)
        held = np.stack(
            [
                np.bincount(mesh.held.ravel(), (weights * targets[:, [axis]]).ravel(), count)
                for axis in (0, 1)
            ],
            axis=1,
        )
        result = guess
        for _ in range(_ROUNDS):
            asked = _turned(mesh.rest, result, mesh.edges, mesh.stiffness, stretched)
            result = _placed(self._inverse, np.asarray(asked + held, np.float64))
        return result


@compiled
def _placed(inverse: Values, asked: Values) -> Values:
    """The global step: multiply by the inverse, shape (n, 2).

    Not numpy's product, whose threads would contend with the encoder's.
    """
    count = len(asked)
    x, y = asked[:, 0].copy(), asked[:, 1].copy()
    result = np.empty((count, 2))
    for i in range(count):
        row = inverse[i]
        to_x, to_y = 0.0, 0.0
        for k in range(count):
            to_x += row[k] * x[k]
            to_y += row[k] * y[k]
        result[i, 0] = to_x
        result[i, 1] = to_y
    return result


@compiled
def _turned(
    rest: Values, now: Values, edges: Indices, stiffness: Values, stretch: Values
) -> Values:
    """The local step: best rotation of each vertex' edges, and the right-hand side it gives."""
    count = len(rest)
    dot, cross = np.zeros(count), np.zeros(count)
    for e in range(len(edges)):
        a, b, w = edges[e, 0], edges[e, 1], stiffness[e]
        x, y = rest[b, 0] - rest[a, 0], rest[b, 1] - rest[a, 1]
        u, v = now[b, 0] - now[a, 0], now[b, 1] - now[a, 1]
        for at in (a, b):
            s = stretch[at, 0, 0] * x + stretch[at, 0, 1] * y
            t = stretch[at, 1, 0] * x + stretch[at, 1, 1] * y
            dot[at] += w * (s * u + t * v)
            cross[at] += w * (s * v - t * u)
    asked = np.zeros((count, 2))
    for at in range(count):
        length = max(np.sqrt(dot[at] ** 2 + cross[at] ** 2), 1e-12)
        dot[at] /= length
        cross[at] /= length
    for e in range(len(edges)):
        a, b, w = edges[e, 0], edges[e, 1], 0.5 * stiffness[e]
        x, y = rest[b, 0] - rest[a, 0], rest[b, 1] - rest[a, 1]
        for at in (a, b):
            s = stretch[at, 0, 0] * x + stretch[at, 0, 1] * y
            t = stretch[at, 1, 0] * x + stretch[at, 1, 1] * y
            u, v = w * (dot[at] * s - cross[at] * t), w * (cross[at] * s + dot[at] * t)
            asked[b, 0] += u
            asked[b, 1] += v
            asked[a, 0] -= u
            asked[a, 1] -= v
    return asked
