"""The sky: gradient, sun, moon and stars, clouds overhead and on the horizon."""

from __future__ import annotations

import numpy as np

from kirin.domain.intent import Extra, SceneDescription, Time, Weather
from kirin.engines.animatic.scene.colour import Colour, Paint, ink, mix
from kirin.engines.animatic.scene.lens import Patch
from kirin.engines.animatic.scene.light import Light
from kirin.engines.animatic.scene.noise import Field, Noise, smoothstep

OVERCAST = (Weather.RAIN, Weather.SNOW, Weather.STORM, Weather.FOG)
"""Weather under a closed sky."""

SUN_RADIUS = 0.018
MOON_RADIUS = 0.030
"""In focal lengths: deliberately larger than in reality."""


def paint_sky(
    scene: SceneDescription, light: Light, patch: Patch, horizon: float, focal: float
) -> Paint:
    """Paint everything behind the clouds.

    Args:
        scene: what to show.
        light: of the scene.
        patch: to paint.
        horizon: in pixels of the rest view below its centre.
        focal: focal length in pixels.
    """
    across = np.broadcast_to(patch.x() / focal, (patch.height, patch.width))
    up = np.broadcast_to((horizon - patch.y()) / focal, (patch.height, patch.width))
    rgb: Colour = light.sky(across, up)
    rng = np.random.default_rng([scene.variety, 3])
    if Extra.STARS in scene.extras:
        strength = 1.0 if scene.time is Time.NIGHT else 0.5
        rgb = rgb + milky_way(across, up, rng) * np.float32(2.6 * strength)
    dx = np.asarray(across - light.side, np.float32)
    dy = np.asarray(up - light.height, np.float32)
    distance = np.sqrt(dx * dx + dy * dy)
    edge = 1.5 * patch.step / focal
    if light.moon:
        rgb = _moon(rgb, dx, dy, distance, edge, Noise(rng))
    elif Extra.SUN in scene.extras and scene.weather in (Weather.CLEAR, Weather.CLOUDY):
        disc = 1.0 - smoothstep(SUN_RADIUS - edge, SUN_RADIUS + edge, distance)
        halo = 0.9 * np.exp(-distance * 16.0) + 0.35 * np.exp(-distance * 5.0)
        warm = mix(light.glow, ink("#fff6e0"), 0.5)
        rgb = np.asarray(rgb + warm * halo[..., None], np.float32)
        rgb = mix(rgb, np.full(3, 3.2, np.float32), disc)
    return Paint(np.asarray(rgb, np.float32))


def milky_way(across: Field, up: Field, rng: np.random.Generator) -> Colour:
    """The Milky Way: a slanting band of unresolved stars with dark lanes."""
    noise = Noise(rng)
    slant = rng.uniform(0.7, 1.1) * rng.choice([-1.0, 1.0])
    along = across * np.float32(np.cos(slant)) + up * np.float32(np.sin(slant))
    off = up * np.float32(np.cos(slant)) - across * np.float32(np.sin(slant)) - np.float32(0.25)
    wobble = noise.fbm(along * 2.0, off * 2.0, 4) * 0.16
    band = np.exp(-(((off + wobble) / 0.22) ** 2))
    lanes = 0.55 + 0.45 * noise.fbm(along * 5.0 + 9, off * 7.0 + wobble * 6, 6)
    haze = band * np.clip(lanes, 0.0, 1.2) * smoothstep(0.0, 0.25, up)
    warm = np.clip(0.5 + noise.fbm(along * 3.0, off * 3.0, 3), 0, 1)
    colour = mix(ink("#1c2746"), ink("#3a2f45"), warm)
    return np.asarray(colour * haze[..., None], np.float32)


def _moon(rgb: Colour, dx: Field, dy: Field, distance: Field, edge: float, noise: Noise) -> Colour:
    disc = 1.0 - smoothstep(MOON_RADIUS - edge, MOON_RADIUS + edge, distance)
    maria = noise.fbm(dx / MOON_RADIUS * 1.1, dy / MOON_RADIUS * 1.1, 5)
    face = np.clip(1.0 - 0.55 * smoothstep(0.0, 0.35, maria), 0.0, 1.0)
    # Limb darkening.
    limb = 1.0 - 0.30 * np.clip(distance / MOON_RADIUS, 0, 1) ** 4
    halo = 0.22 * np.exp(-distance * 9.0) + 0.5 * np.exp(-distance * 40.0)
    lit = rgb + ink("#9db4dc") * np.float32(0.55) * halo[..., None]
    surface = ink("#fbf6e6") * np.float32(1.25) * (face * limb)[..., None]
    return mix(lit, surface, disc)


def paint_deck(
    scene: SceneDescription, light: Light, patch: Patch, horizon: float, focal: float
) -> Paint:
    """Clouds overhead: a flat deck in perspective, lit from the sun's direction."""
    rng = np.random.default_rng([scene.variety, 5])
    noise, warp = Noise(rng), Noise(rng)
    across = patch.x() / focal
    up = np.maximum((horizon - patch.y()) / focal, 0.0) + 0.11
    far = 1.0 / up
    u = across * far * 1.25 + rng.uniform(0, 50)
    v = np.broadcast_to(far * 2.0, u.shape) + rng.uniform(0, 50)
    u, v = u.astype(np.float32), v.astype(np.float32)
    bend = warp.fbm(u * 0.6, v * 0.6, 3)
    storm = scene.weather in (Weather.STORM, Weather.RAIN)
    gain = 0.56 if storm else 0.52

    def density(du: float, dv: float, octaves: int) -> Field:
        return noise.fbm(u + du + bend * 0.55, v + dv - bend * 0.4, octaves, gain)

    thick = density(0.0, 0.0, 8)
    # Clouds gather on one side of the sky, another one in each scene.
    way = rng.uniform(0, 2 * np.pi)
    lean = across * np.cos(way) * 1.3 + (up - 0.35) * np.sin(way) * 1.6
    thick = thick + np.float32(0.30) * np.clip(lean + 0.5 * bend, -1.0, 1.0).astype(np.float32)
    # Density a step towards the sun, for self-shadowing.
    toward = density(0.22 * np.sign(light.side), 0.16, 4)
    edge0 = 0.42 - 0.86 * light.cover
    alpha = smoothstep(edge0, edge0 + (0.55 if light.cover > 0.8 else 0.36), thick)
    body = np.clip(0.52 + 1.35 * (thick - toward) - 0.55 * np.clip(thick - edge0 - 0.2, 0, 1), 0, 1)
    colour = mix(light.cloud_shade, light.cloud_lit, body)
    colour = _lit_through(colour, light, across, up, alpha)
    horizon_fade = np.exp(-np.maximum(up - 0.11, 0.0) * 7.0)
    colour = mix(
        colour,
        light.sky(np.broadcast_to(across, u.shape), np.broadcast_to(up, u.shape)),
        np.broadcast_to(0.75 * horizon_fade, u.shape),
    )
    if scene.weather in OVERCAST:
        # The deck is closed: gaps show thinner cloud, and no blue.
        alpha = np.maximum(alpha, 0.90)
        colour = mix(colour, light.cloud_lit, 0.25 * (1.0 - thick_share(thick)))
    alpha = alpha * smoothstep(0.115, 0.19, np.broadcast_to(up, u.shape))
    alpha = alpha * _gap(scene, light, across, up - 0.11)
    return Paint(colour, np.asarray(alpha * 0.97, np.float32))


def thick_share(thick: Field) -> Field:
    """How thick the cloud is, 0 to 1."""
    return smoothstep(-0.5, 0.5, thick)


def _gap(scene: SceneDescription, light: Light, across: Field, up: Field) -> Field:
    """Alpha factor that opens the clouds in front of the sun."""
    if Extra.SUN not in scene.extras:
        return np.ones((1, 1), np.float32)
    square = (across - light.side) ** 2 + (up - light.height) ** 2
    return np.asarray(1.0 - 0.8 * np.exp(-square / (2.2 * SUN_RADIUS) ** 2), np.float32)


def _lit_through(colour: Colour, light: Light, across: Field, up: Field, alpha: Field) -> Colour:
    """Forward scattering: thin cloud near the sun is brighter (the silver lining)."""
    dx, dy = across - light.side, up - 0.11 - light.height
    near = np.exp(-np.sqrt(dx * dx + dy * dy) * 3.2)
    through = near * (1.0 - 0.75 * alpha)
    return np.asarray(colour + light.glow * np.float32(0.9) * through[..., None], np.float32)


def paint_banks(
    scene: SceneDescription, light: Light, patch: Patch, horizon: float, focal: float
) -> Paint:
    """Cumulus clouds above the horizon, with flat bases, lit from one side."""
    rng = np.random.default_rng([scene.variety, 6])
    noise, shape = Noise(rng), Noise(rng)
    across = np.broadcast_to(patch.x() / focal, (patch.height, patch.width)).astype(np.float32)
    up = np.broadcast_to((horizon - patch.y()) / focal, across.shape).astype(np.float32)
    base = rng.uniform(0.03, 0.06)
    heap = 0.5 + 0.9 * shape.fbm(across * 2.2 + 7, np.zeros_like(across), 3)
    top = base + np.clip(heap, 0.0, 1.0) * (0.10 + 0.22 * light.cover)

    def puff(dx: float, dy: float, octaves: int) -> Field:
        # Billowed noise: rounded tops and sharp creases.
        soft = noise.fbm((across + dx) * 7.0, (up + dy) * 10.0, octaves, 0.5)
        return np.asarray(0.5 - np.abs(soft) * 1.25, np.float32)

    billow = puff(0.0, 0.0, 6)
    toward = puff(0.018 * np.sign(light.side), 0.014, 5)
    body = (top - up) / 0.09 + billow * 0.9
    alpha = smoothstep(0.0, 0.55, body) * smoothstep(base - 0.02, base + 0.035, up + billow * 0.012)
    lit = np.clip(0.48 + 1.7 * (billow - toward) + 0.55 * (up - base) / 0.2, 0, 1)
    colour = mix(light.cloud_shade, light.cloud_lit, lit)
    alpha = alpha * _gap(scene, light, across, up)
    colour = _lit_through(colour, light, across, up + 0.11, alpha)
    # More haze in front of them towards the horizon.
    colour = mix(colour, light.air(across), np.clip(0.85 - up * 3.2, 0.25, 0.85))
    return Paint(colour, np.asarray(alpha * 0.92, np.float32))
