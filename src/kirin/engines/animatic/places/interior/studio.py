"""Places without a room: a table top before a blurred background, and a studio's backdrop."""

from __future__ import annotations

import cv2
import numpy as np

from kirin.engines.animatic.places.interior.patterns import PATTERNS, albedo
from kirin.engines.animatic.places.interior.plan import NamedSurface, materials, named_surfaces
from kirin.engines.animatic.places.interior.tracing import MATERIAL
from kirin.engines.animatic.scene.assembly import Drawable
from kirin.engines.animatic.scene.colour import Colour, Paint, grey, mix, pigment
from kirin.engines.animatic.scene.layer import SceneLayer
from kirin.engines.animatic.scene.lens import DEEP, Depth, Patch
from kirin.engines.animatic.scene.noise import Noise, smoothstep
from kirin.engines.animatic.scene.setting import Setting

_TABLES = ("black_marble", "dark_wood", "white_marble", "wood", "white", "slate")
_BOKEH = (
    ("#2a2030", "#ffb060", "#ff6a3a"),
    ("#1c2c40", "#8ab8ff", "#ffd090"),
    ("#3c2818", "#ffcf90", "#ff9a3c"),
    ("#c8c4bc", "#ffffff", "#fff0d8"),
    ("#1c2820", "#a0e0a0", "#ffe8a0"),
)
_PALE = 3


def _surface(setting: Setting, names: tuple[str, ...], rng: np.random.Generator) -> NamedSurface:
    """The surface that the prompt names, or one of several."""
    chosen = names[int(rng.integers(len(names)))]
    return named_surfaces()[setting.scene.surface or chosen]


def table_drawables(setting: Setting) -> list[Drawable]:
    """A table seen close, with lights out of focus behind it."""
    lens, rng = setting.lens, setting.rng(240)
    horizon = -0.16 * lens.height
    chosen = _surface(setting, _TABLES, rng)
    name, dark = chosen.table, 0.7 if setting.light.dark else 1.0
    # Pale lights are those of a day.
    lights = [n for n in chosen.lights if n != _PALE or dark == 1.0] or [1]
    pair = _BOKEH[lights[int(rng.integers(len(lights)))]]
    back = _lights(setting, pair, np.float32(dark))
    far, near = 0.35, 1.0
    top, end = horizon + 0.35 * (0.5 * lens.height - horizon), 0.5 * lens.height
    depth = Depth(far, near, top, end)
    patch = lens.patch(depth, top - 2.0, np.inf)
    material = materials()[name]
    row = np.zeros(MATERIAL, np.float32)
    row[0], row[1] = PATTERNS.index(material.pattern), material.pitch * 0.45
    row[2:5] = pigment(material.colours[int(rng.integers(len(material.colours)))])
    row[5:8], row[10] = pigment(material.second), int(rng.integers(1, 999))
    y = np.maximum(patch.y() - horizon, 4.0)
    away = (0.55 * lens.height / y).astype(np.float32)
    across = (patch.x() / y * 0.5).astype(np.float32)
    shape = patch.height, patch.width
    grids = (across, 0.9 * away, 0.6 * away / lens.height)
    spots = (np.broadcast_to(grid, shape).ravel() for grid in grids)
    rgb = albedo(row[None], np.zeros(patch.height * patch.width, np.int64), *spots)
    rgb = rgb.reshape(*shape, 3)
    # A soft light from above falls on the middle; the far edge mirrors what is behind.
    u, v = patch.x() / lens.width, patch.y() / lens.height
    spot = np.exp(-((u / 0.55) ** 2) - ((v - 0.25) / 0.33) ** 2)
    lit = setting.light.key * np.float32(0.55) + setting.light.ambient * np.float32(0.25)
    # A product keeps its colours at sunset, and pale stone its veins.
    lit = grey(lit, 0.6) * np.float32(0.75 if float(row[2:5].mean()) > 0.5 else 1.0)
    rgb = np.asarray(rgb * (lit * (0.40 + 1.25 * spot)[..., None]), np.float32)
    height = 2.0 * top - patch.y()
    share = 0.10 + 0.50 * np.exp(-(patch.y() - top) / (0.16 * lens.height))
    share = share * (0.3 + material.gloss)
    rows = np.clip(((height - back.patch.top) / back.patch.step)[:, 0], 0, back.patch.height - 1)
    columns = np.clip(((patch.x() - back.patch.left) / back.patch.step)[0], 0, back.patch.width - 1)
    seen = cv2.GaussianBlur(back.rgb, (0, 0), 5.0)[rows.astype(int)][:, columns.astype(int)]
    rgb = np.asarray(rgb + seen * np.broadcast_to(share, rgb.shape[:2])[..., None], np.float32)
    edge = smoothstep(0.0, 6.0, (patch.y() - top).astype(np.float32))
    alpha = np.broadcast_to(edge, rgb.shape[:2]).astype(np.float32)
    # Beyond the depth of field the table is blurred.
    soft = np.asarray(cv2.GaussianBlur(rgb, (0, 0), 0.006 * lens.height), np.float32)
    sharp = smoothstep(0.02, 0.16, (patch.y() - top) / np.float32(lens.height))
    rgb = mix(soft, rgb, np.broadcast_to(sharp, rgb.shape[:2]))
    parts: list[Drawable] = [SceneLayer(Paint(back.rgb), back.patch, DEEP, exact=True), *back.discs]
    parts.append(SceneLayer(Paint(rgb, alpha), patch, depth))
    return parts


class _Lights:
    """A blurred background and its discs of light."""

    def __init__(self, rgb: Colour, patch: Patch, discs: list[Drawable]) -> None:
        self.rgb, self.discs = rgb, discs
        self.patch = patch


def _lights(setting: Setting, codes: tuple[str, str, str], dark: np.float32) -> _Lights:
    lens, rng = setting.lens, setting.rng(241)
    patch = lens.patch(DEEP, -np.inf, np.inf, coarse=3.0)
    x, y = patch.x() / lens.height, patch.y() / lens.height
    noise = Noise(rng)
    base, one, two = (pigment(code) for code in codes)
    veil = noise.fbm(x * 1.1 + 3, y * 1.1, 3)
    rgb = base * (dark * (0.85 + 0.5 * veil))[..., None]
    glow = np.exp(-(((x - rng.uniform(-0.4, 0.4)) / 0.6) ** 2) - ((y + 0.28) / 0.4) ** 2)
    rgb = rgb + one * (0.42 * dark * glow)[..., None]
    rgb = np.asarray(rgb, np.float32)
    discs: list[Drawable] = []
    for k in range(3):
        depth = Depth(0.04 + 0.07 * k, 0.04 + 0.07 * k)
        grid = lens.patch(depth, -0.55 * lens.height, 0.12 * lens.height, coarse=2.0)
        alpha = np.zeros((grid.height, grid.width), np.float32)
        colour = np.zeros((grid.height, grid.width, 3), np.float32)
        colour[:] = one
        for _ in range(13):
            radius = float(rng.uniform(0.02, 0.075)) * lens.height
            cx, cy = (
                float(rng.uniform(-0.6, 0.6)) * lens.width,
                float(rng.uniform(-0.5, 0.06)) * lens.height,
            )
            distance = np.sqrt((grid.x() - cx) ** 2 + (grid.y() - cy) ** 2) / radius
            disc = 1.0 - smoothstep(0.80, 1.05, distance.astype(np.float32))
            disc = disc * (0.82 + 0.18 * smoothstep(0.4, 1.0, distance.astype(np.float32)))
            colour[disc > 0] = mix(one, two, float(rng.random())) * np.float32(1.9)
            alpha = np.maximum(alpha, disc * np.float32(rng.uniform(0.15, 0.65)))
        discs.append(SceneLayer(Paint(colour, alpha), grid, depth))
    return _Lights(rgb, patch, discs)


_PAPERS = ("white", "grey", "beige", "blue", "pink", "orange", "yellow")


def backdrop_drawables(setting: Setting) -> list[Drawable]:
    """A roll of paper: wall and floor in one sweep, with a pool of soft light."""
    lens, rng = setting.lens, setting.rng(242)
    horizon = 0.06 * lens.height
    chosen = _surface(setting, _PAPERS, rng)
    paper = pigment(chosen.paper)
    level = np.float32(0.55 if setting.light.dark else 1.0)
    side = float(rng.choice([-1.0, 1.0]))
    sweep = 0.36
    top, end = horizon + sweep * (0.5 * lens.height - horizon), 0.5 * lens.height
    depth = Depth(sweep, 1.0, top, end)
    patch = lens.patch(depth, -np.inf, np.inf, coarse=1.5)
    u, v = patch.x() / lens.width, patch.y() / lens.height
    halo = np.exp(-(((u - 0.10 * side) / 0.42) ** 2) - ((v + 0.06) / 0.36) ** 2)
    pool = np.exp(-((u / 0.40) ** 2) - ((v - 0.34) / 0.16) ** 2)
    bend = np.exp(-(((v - top / lens.height) / 0.06) ** 2))
    fall = 1.0 - 0.28 * (u * side + 0.3)
    # White paper is lit evenly, and coloured paper by a lamp that leaves the corners in shade.
    even = 0.55 if float(paper.mean()) > 0.8 else 0.0
    shade = (0.40 + 0.85 * halo + 0.55 * pool) * fall * (1.0 - 0.20 * bend)
    shade = shade + even * (1.25 - shade)
    floor = smoothstep(-0.02, 0.10, np.asarray(v - top / lens.height, np.float32))
    shade = np.asarray(shade * (1.0 + 0.10 * floor), np.float32)
    rgb = paper * (level * shade * np.float32(1.45))[..., None]
    return [SceneLayer(Paint(np.asarray(rgb, np.float32)), patch, depth, exact=True)]
