"""Rasterising textured triangles, and compositing the result over a frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.puppet.mesh import Indices
from kirin.vision.compiled import compiled
from kirin.vision.kernels import Plane
from kirin.vision.pose.skeleton import Values

Canvas = NDArray[np.float32]
"""Y, U and V premultiplied by alpha, and alpha, 0 to 1: shape ``(h, w, 4)``."""

Texture = NDArray[np.uint8]
"""Y, U, V (extended beyond the outline) and alpha, not premultiplied: shape ``(h, w, 4)``."""

FINE = 256
"""Subpixel steps to which corners are rounded. In integers, triangles that share an edge share it
exactly, so no pixel is drawn twice or left out."""


@compiled
def _put(
    canvas: Canvas, i: int, j: int, texture: Texture, x: int, y: int, u: float, v: float
) -> None:
    """Composite a bilinear sample of a texture over a pixel of a canvas."""
    one = np.float32(1.0)
    right, down = np.float32(u), np.float32(v)
    c, d = (one - right) * down, right * down
    a, b = one - right - c, right - d
    alpha = (
        a * np.float32(texture[y, x, 3])
        + b * np.float32(texture[y, x + 1, 3])
        + c * np.float32(texture[y + 1, x, 3])
        + d * np.float32(texture[y + 1, x + 1, 3])
    ) * np.float32(1.0 / 255.0)
    if alpha <= 0:
        return
    rest = one - alpha
    for z in range(3):
        value = (
            a * np.float32(texture[y, x, z])
            + b * np.float32(texture[y, x + 1, z])
            + c * np.float32(texture[y + 1, x, z])
            + d * np.float32(texture[y + 1, x + 1, z])
        )
        canvas[i, j, z] = alpha * value + rest * canvas[i, j, z]
    canvas[i, j, 3] = alpha + rest * canvas[i, j, 3]


@compiled
def draw(canvas: Canvas, texture: Texture, triangles: Indices, at: Values, source: Values) -> None:
    """Rasterise textured triangles in order, by integer edge functions (Pineda 1988).

    Args:
        canvas: the target.
        texture: sampled bilinearly; pixels that would sample outside of it are not drawn.
        triangles: vertex numbers, shape (m, 3).
        at: positions of the vertices in pixels of the canvas from its corner, shape (n, 2).
        source: positions of the vertices in the texture, likewise.
    """
    rows, columns = canvas.shape[0], canvas.shape[1]
    high, wide = texture.shape[0], texture.shape[1]
    for m in range(len(triangles)):
        a, b, c = triangles[m, 0], triangles[m, 1], triangles[m, 2]
        ax, ay = int(np.floor(at[a, 0] * FINE + 0.5)), int(np.floor(at[a, 1] * FINE + 0.5))
        bx, by = int(np.floor(at[b, 0] * FINE + 0.5)), int(np.floor(at[b, 1] * FINE + 0.5))
        cx, cy = int(np.floor(at[c, 0] * FINE + 0.5)), int(np.floor(at[c, 1] * FINE + 0.5))
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        if area == 0:
            continue
        if area < 0:
            b, c = c, b
            bx, by, cx, cy = cx, cy, bx, by
            area = -area
        left = max(min(ax, bx, cx) // FINE, 0)
        right = min(max(ax, bx, cx) // FINE + 1, columns)
        top = max(min(ay, by, cy) // FINE, 0)
        bottom = min(max(ay, by, cy) // FINE + 1, rows)
        # Texture coordinates are affine: the value at a, and slopes by column and row.
        ux, uy = source[b, 0] - source[a, 0], source[b, 1] - source[a, 1]
        vx, vy = source[c, 0] - source[a, 0], source[c, 1] - source[a, 1]
        ex, ey = float(bx - ax), float(by - ay)
        fx, fy = float(cx - ax), float(cy - ay)
        whole = float(area)
        s_x = (ux * fy - vx * ey) / whole
        s_y = (vx * ex - ux * fx) / whole
        t_x = (uy * fy - vy * ey) / whole
        t_y = (vy * ex - uy * fx) / whole
        # Fill rule: a pixel on an edge belongs to the triangle to the right of it or below.
        bias_ab = 0 if (by < ay or (by == ay and bx > ax)) else -1
        bias_bc = 0 if (cy < by or (cy == by and cx > bx)) else -1
        bias_ca = 0 if (ay < cy or (ay == cy and ax > cx)) else -1
        for i in range(top, bottom):
            px, py = left * FINE + FINE // 2, i * FINE + FINE // 2
            first, last = left, right - 1
            for value, slope in (
                ((bx - ax) * (py - ay) - (by - ay) * (px - ax) + bias_ab, (ay - by) * FINE),
                ((cx - bx) * (py - by) - (cy - by) * (px - bx) + bias_bc, (by - cy) * FINE),
                ((ax - cx) * (py - cy) - (ay - cy) * (px - cx) + bias_ca, (cy - ay) * FINE),
            ):
                # Inside: value + slope * (j - left) >= 0.
                if slope > 0:
                    first = max(first, left + (-value + slope - 1) // slope)
                elif slope < 0:
                    last = min(last, left + value // -slope)
                elif value < 0:
                    last = -1
            for j in range(first, last + 1):
                dx, dy = float(j * FINE + FINE // 2 - ax), float(py - ay)
                s = source[a, 0] + s_x * dx + s_y * dy - 0.5
                t = source[a, 1] + t_x * dx + t_y * dy - 0.5
                x, y = int(np.floor(s)), int(np.floor(t))
                if x < 0 or y < 0 or x >= wide - 1 or y >= high - 1:
                    continue
                _put(canvas, i, j, texture, x, y, s - x, t - y)


@compiled
def lay(y: Plane, u: Plane, v: Plane, canvas: Canvas, left: int, top: int) -> None:
    """Composite a canvas over a frame's planes.

    Chroma is sited left: (1, 2, 1) / 4 around even columns, the mean of two rows.

    Args:
        y, u, v: planes of the frame.
        canvas: of even sides.
        left, top: position of its corner in the frame, both even.
    """
    rows, columns = canvas.shape[0], canvas.shape[1]
    one, half = np.float32(1.0), np.float32(0.5)
    zero, most = np.float32(0.0), np.float32(255.0)
    for i in range(rows):
        line = y[top + i]
        for j in range(columns):
            alpha = canvas[i, j, 3]
            if alpha > 0:
                value = canvas[i, j, 0] + (one - alpha) * np.float32(line[left + j]) + half
                line[left + j] = np.uint8(np.int32(min(max(value, zero), most)))
    eighth, two = np.float32(0.125), np.float32(2.0)
    for i in range(rows // 2):
        for j in range(columns // 2):
            before = max(2 * j - 1, 0)
            total_u, total_v, total = zero, zero, zero
            for k in range(2 * i, 2 * i + 2):
                a, b, c = canvas[k, before], canvas[k, 2 * j], canvas[k, 2 * j + 1]
                total_u += a[1] + two * b[1] + c[1]
                total_v += a[2] + two * b[2] + c[2]
                total += a[3] + two * b[3] + c[3]
            if total <= 0:
                continue
            rest = one - total * eighth
            n, m = top // 2 + i, left // 2 + j
            below_u, below_v = np.float32(u[n, m]), np.float32(v[n, m])
            u[n, m] = np.uint8(np.int32(total_u * eighth + rest * below_u + half))
            v[n, m] = np.uint8(np.int32(total_v * eighth + rest * below_v + half))
