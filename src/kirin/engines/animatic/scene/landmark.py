"""Landmarks of the sea: a lighthouse on its rock with a turning beam, and a sailing boat."""

from __future__ import annotations

import numpy as np

from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.scene.canvas import SceneCanvas
from kirin.engines.animatic.scene.colour import Colour, Paint, mix, pigment
from kirin.engines.animatic.scene.layer import SceneLayer
from kirin.engines.animatic.scene.lens import Depth, Lens
from kirin.engines.animatic.scene.light import Light
from kirin.engines.animatic.scene.noise import Field, Noise, smoothstep
from kirin.engines.animatic.scene.setting import Setting
from kirin.engines.animatic.scene.strokes import paint_strokes, strokes
from kirin.vision.compiled import compiled

_NEAR = 0.34
_TALL = 0.30
"""Disparity of the lighthouse, and height of its tower in view heights."""


def _place(setting: Setting) -> float:
    """Position in pixels right of the centre: near a third (the rule of thirds)."""
    rng = setting.rng(50)
    return float(rng.choice([-1.0, 1.0]) * rng.uniform(0.20, 0.27)) * setting.lens.width


def lighthouse(setting: Setting, waterline: float) -> SceneLayer:
    """The tower on its rock; ``waterline`` is in pixels below the view's centre."""
    light, lens = setting.light, setting.lens
    depth = Depth(_NEAR, _NEAR)
    unit = _TALL * min(lens.height, lens.width * 1.1)
    x0 = _place(setting)
    patch = lens.patch(depth, waterline - 2.0 * unit, waterline + 0.35 * unit)
    x = np.broadcast_to((patch.x() - x0) / unit, (patch.height, patch.width)).astype(np.float32)
    y = np.broadcast_to((waterline - patch.y()) / unit, x.shape).astype(np.float32)
    rgb, alpha = _rock(setting.rng(51), light, x, y, patch.step / unit, np.sign(-x0))
    base = 0.30
    body, cover = _tower(light, x, y - base, patch.step / unit)
    return SceneLayer(Paint(mix(rgb, body, cover), np.maximum(alpha, cover)), patch, depth)


def _rock(
    rng: np.random.Generator, light: Light, x: Field, y: Field, pixel: float, seaward: float
) -> tuple[Colour, Field]:
    noise = Noise(rng)
    # A headland, steep on the seaward side and continuing out of the picture on the other.
    toward = x * np.float32(seaward)
    profile = 0.30 * smoothstep(0.62, 0.10, toward) + 0.10 * smoothstep(0.0, -1.6, toward)
    rough = noise.fbm(x * 3.0, y * 3.0 + 5, 6, 0.55, 0.8)
    edge = noise.fbm(x * 5.0 + 3, np.zeros_like(x), 6, 0.55)
    top = profile + 0.045 * edge * smoothstep(0.75, 0.3, np.abs(toward)) + 0.03 * edge
    alpha = np.clip((top - y) / pixel + 0.5, 0, 1) * np.clip((0.62 - toward) / 0.02, 0, 1)
    swash = noise.fbm(x * 9.0 + 11, np.zeros_like(x), 4) * 0.012
    alpha = alpha * np.clip((y + 0.012 + swash) / (2 * pixel), 0, 1)
    # Strata, lit where they face the light.
    slope = rough - noise.fbm(
        (x + 0.02 * np.sign(light.side)) * 3.0, (y + 0.02) * 3.0 + 5, 6, 0.55, 0.8
    )
    strata = np.sin((y * 1.0 + 0.12 * x + 0.06 * rough) * 95.0) * 0.06
    tone = np.clip(0.42 + 2.0 * slope + strata + 0.5 * (y / 0.4), 0.08, 1.2)
    stone = mix(pigment("#3b3733"), pigment("#7d7468"), np.clip(tone, 0, 1))
    turf = smoothstep(0.045, 0.0, top - y + 0.02 * rough) * smoothstep(0.12, 0.22, y)
    ground = mix(stone, pigment("#4f5c34"), turf)
    rgb = (
        ground * (light.ambient * np.float32(0.75) + light.key * np.float32(0.45)) * tone[..., None]
    )
    # Spray whitens the foot.
    wet = smoothstep(0.05, 0.0, y + 0.03 * rough)
    foam = light.ambient * np.float32(0.8)
    return np.asarray(
        mix(np.asarray(rgb, np.float32), np.broadcast_to(foam, rgb.shape), 0.5 * wet)
    ), np.asarray(alpha, np.float32)


def _tower(light: Light, x: Field, y: Field, pixel: float) -> tuple[Colour, Field]:
    """A white tower with red bands; ``y`` is 0 at its foot and 1 at the gallery."""
    half = np.where(y < 0.86, 0.090 - 0.034 * np.clip(y, -0.2, 0.86), 0.0)
    gallery = (np.abs(y - 0.88) < 0.016) * 0.086
    lantern = ((y >= 0.89) & (y < 0.99)) * 0.044
    dome = np.where(
        (y >= 0.99) & (y < 1.07), 0.054 * np.sqrt(np.clip(1 - ((y - 0.99) / 0.08) ** 2, 0, 1)), 0.0
    )
    mast = ((y >= 1.06) & (y < 1.16)) * 0.004
    wide = half + gallery + lantern + dome + mast
    cover = np.clip((wide - np.abs(x)) / pixel + 0.5, 0, 1) * (wide > 0) * (y > -0.12)
    round_ = np.clip(x / np.maximum(wide, 1e-4), -1, 1)
    # A cylinder: direct light by the cosine of its angle, and ambient light all around.
    facing = np.clip(
        0.55 * np.sqrt(1 - round_ * round_) + 0.75 * round_ * np.sign(light.side), 0, 1
    )
    tone = light.ambient * (0.55 + 0.25 * np.sqrt(1 - round_ * round_))[..., None]
    tone = tone + light.key * (0.85 * facing)[..., None]
    band = (np.abs((y * 2.3) % 1.0 - 0.5) < 0.24).astype(np.float32)
    paint = mix(np.broadcast_to(pigment("#e9e4da"), (*x.shape, 3)), pigment("#a3322a"), band)
    metal = ((gallery > 0) | (dome > 0) | (mast > 0)).astype(np.float32)
    paint = mix(paint, pigment("#3a2522"), metal)
    rgb = paint * tone
    room = lantern > 0
    bars = np.abs((x / 0.022) % 1.0 - 0.5) < 0.12
    glass = np.where(
        bars[..., None],
        pigment("#2a2422"),
        pigment("#fff0c4") * np.float32(2.2 if light.dark else 0.8),
    )
    rgb = np.where(room[..., None], glass, rgb)
    # Small windows along the stairs.
    pane = (
        (np.abs(x + 0.012) < 0.008) & (np.abs((y * 4.2) % 1.0 - 0.5) < 0.10) & (y > 0.1) & (y < 0.8)
    )
    shine = pigment("#ffd890") * np.float32(1.2) if light.dark else pigment("#2b3038")
    rgb = np.where(pane[..., None], shine, rgb)
    return np.asarray(rgb, np.float32), np.asarray(cover, np.float32)


class Beam:
    """The light of a lighthouse: two beams that revolve once in nine seconds.

    Args:
        setting: of the scene.
        waterline: in pixels below the view's centre.
        haze: visibility of the beams in the air, 0 to 1.
    """

    def __init__(self, setting: Setting, waterline: float, haze: float) -> None:
        lens = setting.lens
        unit = _TALL * min(lens.height, lens.width * 1.1)
        self._x, self._y = _place(setting), waterline - 1.24 * unit
        self._unit, self._haze = unit, haze

    def span(self, lens: Lens, pose: Pose, canvas: SceneCanvas) -> tuple[int, int, int]:  # noqa: ARG002
        """All rows, none of them opaque."""
        height = canvas.y.shape[0]
        return 0, height, height

    def draw(
        self, canvas: SceneCanvas, lens: Lens, pose: Pose, seconds: float, rows: tuple[int, int]
    ) -> None:
        """Add its light to rows of a canvas."""
        view = pose.view(_NEAR)
        height, width = canvas.y.shape
        x = (self._x - view.x * lens.width) * view.scale + width / 2
        y = (self._y - view.y * lens.height) * view.scale + height / 2
        angle = seconds * 2 * np.pi / 9.0 + 0.6
        unit = self._unit * view.scale
        _shine(canvas.y, x, y, float(np.cos(angle)), float(np.sin(angle)), unit, self._haze, *rows)
        first, end = rows[0] // 2, rows[1] // 2
        warm = 0.10
        _shine(
            canvas.v,
            x / 2,
            y / 2,
            float(np.cos(angle)),
            float(np.sin(angle)),
            unit / 2,
            self._haze * warm,
            first,
            end,
        )
        _shine(
            canvas.u,
            x / 2,
            y / 2,
            float(np.cos(angle)),
            float(np.sin(angle)),
            unit / 2,
            -self._haze * warm * 1.6,
            first,
            end,
        )


@compiled
def _shine(
    plane: Field,
    x: float,
    y: float,
    cos: float,
    sin: float,
    unit: float,
    haze: float,
    first: int,
    end: int,
) -> None:
    """Two opposite beams, foreshortened by ``cos``; ``sin`` is 1 when one points at the viewer."""
    columns = plane.shape[1]
    sign = 1.0 if haze > 0 else -1.0
    flare = sin * sin * sin * sin
    flare = flare * flare
    strength = np.sqrt(abs(cos))
    glow = 1.1 * unit  # beyond, the lamp's own light is below one step of luma
    for i in range(first, end):
        dy = (i + 0.5 - y) / unit
        # A beam is a cone: it reaches a row only where it is wide enough.
        reach = (abs(dy) - 0.044) / 0.097 * max(abs(cos), 0.05) * unit
        for j in range(columns):
            off_x = j + 0.5 - x
            if abs(off_x) < reach and (abs(off_x) > glow or abs(dy) * unit > glow):
                continue
            dx = off_x / unit
            near = dx * dx + dy * dy
            # The lamp itself, with a flare when a beam points at the viewer.
            light = 0.0
            if near < 1.2:
                edge = 1.0 - near / 1.2
                light = (18.0 + 130.0 * flare) / (1.0 + near * 420.0)
                light = (light + (3.0 + 30 * flare) / (1.0 + near * 26.0)) * edge * edge
            along = abs(dx) / max(abs(cos), 0.05)
            off = dy + 0.02 * along * (1.0 if dx * cos > 0 else -1.0) * sin
            q = off / (0.020 + 0.035 * along)
            if -2.2 < q < 2.2:
                bell = 1.0 - q * q / 4.84
                fade = bell * bell * bell / (1.0 + along * 0.75) * min(abs(dx) * 12, 1.0)
                light += 95.0 * fade * strength
            if light == 0.0:
                continue
            value = plane[i, j]
            shown = light * abs(haze) * (1.0 - min(max((value - 16.0) / 225.0, 0.0), 1.0))
            plane[i, j] = value + sign * shown


def boat(setting: Setting, foot: float) -> SceneLayer:
    """A moving sailing boat, ``foot`` pixels below the view's centre."""
    rng, light, lens = setting.rng(52), setting.light, setting.lens
    way = float(rng.choice([-1.0, 1.0]))
    size = 0.075 * min(lens.height, lens.width * 1.2)
    x = float(rng.uniform(-0.16, 0.16)) * lens.width
    depth = Depth(0.2, 0.2)
    drift = way * 0.006 * lens.width
    patch = lens.patch(depth, foot - 1.5 * size, foot + 0.2 * size, drift * setting.seconds)
    sun = light.key * np.float32(0.75) + light.ambient * np.float32(0.8)
    hull, sail, dusky = (pigment(code) for code in ("#3b2a22", "#efe6d6", "#b9ad9c"))
    t = np.linspace(0, 1, 26).astype(np.float32)
    # A sail is a stack of lines, each shorter than the one below.
    main = strokes(
        x - way * 0.02 * size + 0 * t,
        foot - size * (0.18 + 1.02 * t),
        x - way * size * (0.50 * (1 - t) ** 0.9 + 0.02),
        foot - size * (0.20 + 1.00 * t) + 0 * t,
        0 * t + size * 0.06,
        0 * t + size * 0.05,
        mix(np.broadcast_to(sail, (26, 3)), dusky, 0.6 * (1 - t)) * sun,
    )
    jib = strokes(
        x + way * 0.03 * size + 0 * t,
        foot - size * (0.20 + 0.78 * t),
        x + way * size * (0.40 * (1 - t) + 0.03),
        foot - size * (0.18 + 0.78 * t),
        0 * t + size * 0.05,
        0 * t + size * 0.04,
        mix(np.broadcast_to(dusky, (26, 3)), sail, 0.5 * t) * sun,
    )
    one = np.zeros(1, np.float32)
    mast = strokes(
        one + x,
        one + foot,
        one + x,
        one + foot - 1.25 * size,
        one + size * 0.03,
        one + size * 0.015,
        hull * sun,
    )
    keel = strokes(
        one + x - way * 0.52 * size,
        one + foot - 0.05 * size,
        one + x + way * 0.50 * size,
        one + foot - 0.09 * size,
        one + size * 0.15,
        one + size * 0.09,
        hull * sun,
    )
    paint = paint_strokes(patch, np.concatenate([main, jib, mast, keel]), dusky * sun)
    return SceneLayer(paint, patch, depth, drift=drift)
