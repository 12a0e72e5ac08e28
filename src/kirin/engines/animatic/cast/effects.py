"""Effects: flames, smoke, steam, explosions, notes, sleep, glow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kirin.concepts.concept import Gait
from kirin.engines.animatic.cast.costume import Build, Costume, prop
from kirin.engines.animatic.cast.motion import Motion
from kirin.engines.animatic.cast.rehearsal import Rehearsal

SMOKE = Costume("smoke", build=Build.PUFF)
ASH = Costume("ash", build=Build.PUFF)
STEAM = Costume("steam", build=Build.PUFF, flat=True)
GLOW = Costume("glow", build=Build.PUFF, flat=True)

# Colour of a soft ball, and the share of its radius that is solid.
_PUFFS = {
    "smoke": ((92, 92, 98), 0.15),
    "steam": ((246, 248, 250), 0.0),
    "glow": ((255, 226, 150), 0.0),
    "dust": ((196, 176, 148), 0.0),
    "flash": ((255, 248, 226), 0.45),
    "droplet": ((120, 178, 226), 0.55),
    "ash": ((206, 204, 202), 0.0),
    "string": ((72, 66, 62), 1.0),
    "wood": ((142, 100, 62), 1.0),
}


def puff(kind: str, side: int) -> NDArray[np.uint8]:
    """A soft ball as RGBA, shape ``(side, side, 4)``."""
    colour, solid = _PUFFS[kind]
    grid = (np.arange(side) + 0.5) / side * 2 - 1
    away = np.hypot(*np.meshgrid(grid, grid))
    if solid >= 1.0:
        # No ball at all, but what lines are made of.
        away = np.zeros_like(away)
    share = np.clip((1.0 - away) / max(1.0 - solid, 1e-3), 0.0, 1.0)
    alpha = share * share * (3 - 2 * share)
    art = np.empty((side, side, 4), np.uint8)
    art[..., :3] = colour
    # Lit from above, so that smoke has volume.
    if kind in ("smoke", "dust"):
        shade = 1.0 - 0.35 * np.clip(grid, -1, 1)[:, None]
        art[..., :3] = np.clip(np.array(colour) * shade[..., None], 0, 255).astype(np.uint8)
    art[..., 3] = np.round(255 * alpha)
    return art


def steam(r: Rehearsal, host: Motion, down: float = 0.05) -> None:
    """Wisps above a hot dish."""
    r.emit(host, STEAM, (0.0, down), 0.42, (0.06, 0.75), count=6, life=2.6, strength=0.42)


def smoke(r: Rehearsal, host: Motion, strength: float = 0.9) -> None:
    """A column of smoke."""
    r.emit(host, SMOKE, (0.0, 0.06), 0.62, (0.22, 0.95), count=9, life=3.2, strength=strength)


def smoke_trail(r: Rehearsal, host: Motion) -> None:
    """Exhaust below a rocket."""
    puffs = r.emit(host, STEAM, (0.0, 0.94), 0.55, (0.0, -0.7), count=8, life=1.3, strength=0.8)
    flame = r.add(prop("fire", flat=True), host)
    flame.height = 0.42 * host.height * (1.0 + 0.12 * r.wave(5.0))
    flame.row = host.row + 0.62 * flame.height
    flame.rotation = np.full(r.frames, np.pi)
    flame.disparity = host.disparity * 0.998
    for motion in puffs:
        motion.disparity = host.disparity * 0.996


def flames(r: Rehearsal, host: Motion) -> None:
    """Fire on something, with smoke above it and light around it."""
    smoke(r, host, 0.55)
    halo(r, host, 0.45)
    # Two rows that overlap, so that they burn as one: large ones behind, small ones before.
    count = int(min(max(round(3.2 * host.costume.aspect), 3), 6))
    across = np.linspace(-0.36, 0.36, count)
    tall = 0.62 * min(1.0, 3.4 / count * max(host.costume.aspect, 1.0))
    behind = [(float(a), 0.46, tall * (1.1, 0.86)[n % 2]) for n, a in enumerate(across)]
    middles = (across[1:] + across[:-1]) / 2
    before = [(float(a), 0.92, 0.62 * tall * (0.8, 1.0)[n % 2]) for n, a in enumerate(middles)]
    for number, (along, down, size) in enumerate([*behind, *before]):
        flame = r.add(prop("fire", flat=True, gait=Gait.FLAP), host)
        beat = r.wave(2.6 + 0.4 * (number % 4), 0.27 * number)
        flame.height = host.height * size * r.eased(0.0, 0.3) * (0.94 + 0.08 * beat) + 0.001
        flame.squash = 1.0 + 0.12 * r.wave(3.4, 0.4 * number)
        flame.x = host.x + along * host.width(r.view.aspect)
        flame.row = host.top() + down * host.height
        flame.rotation = 0.07 * r.wave(1.9, 0.3 * number)
        flame.disparity = host.disparity * (1.003 + 0.001 * (number >= count))


def halo(r: Rehearsal, host: Motion, strength: float) -> Motion:
    """Soft light behind something."""
    light = r.add(GLOW, host)
    light.height = 2.3 * host.height * max(host.costume.aspect, 1.0) * (1 + 0.05 * r.wave(0.5))
    light.row = host.middle() + light.height / 2
    light.opacity = strength * (0.85 + 0.15 * r.wave(0.5)) * host.opacity
    light.disparity = host.disparity * 0.995
    return light


def blast(r: Rehearsal, host: Motion, moment: float) -> None:
    """An explosion at a share of the shot: a flash, a burst, debris and smoke."""
    after = np.clip((r.seconds - moment * r.length) / 0.9, 0.0, 1.0)
    burst = r.add(prop("collision", flat=True), host)
    grown = 1.0 - (1.0 - after) ** 3
    burst.height = host.height * (0.2 + 1.7 * grown)
    burst.row = host.middle() + burst.height / 2
    burst.rotation = 0.5 * after
    burst.opacity = np.where(after > 0, np.clip(2.4 * (1.0 - after), 0, 1), 0.0)
    flash = r.add(Costume("flash", build=Build.PUFF, flat=True), host)
    flash.height = host.height * (0.4 + 3.4 * grown)
    flash.row = host.middle() + flash.height / 2
    flash.opacity = np.where(after > 0, np.clip(1.1 - 2.6 * after, 0, 1), 0.0)
    flash.disparity = host.disparity * 1.03
    since = r.seconds - moment * r.length
    for number in range(12):
        angle = 2 * np.pi * number / 12 + 0.3
        pale = number % 2 == 1
        cloud = r.add(ASH if pale else SMOKE, host)
        later = np.clip(since / ((4.4 if pale else 1.1) + 0.3 * (number % 3)), 0.0, 1.0)
        out = 1.0 - (1.0 - later) ** 2
        cloud.height = host.height * (0.35 + (0.95 if pale else 0.45) * out)
        cloud.x = host.x + 0.75 * np.cos(angle) * out * host.height / r.view.aspect
        cloud.row = host.middle() + host.height * (0.55 * np.sin(angle) * out - 0.35 * later)
        cloud.row = cloud.row + cloud.height / 2
        # Dark at first; what hangs in the air is pale.
        cloud.opacity = np.where(later > 0, (0.95 if pale else 0.9) * (1.0 - later) ** 0.8, 0.0)
        cloud.disparity = host.disparity * (1.001 if pale else 1.002)


def rising(r: Rehearsal, host: Motion, name: str, count: int = 3, size: float = 0.26) -> None:
    """Signs that rise from a head: notes of a song, the Zs of sleep, sparkles."""
    side = 0.30 if host.heading[0] >= 0 else -0.30
    costume = prop(name, flat=True)
    r.emit(host, costume, (side, 0.02), size, (0.25, 0.42), count=count, life=2.4, strength=0.95)


def droplets(r: Rehearsal, host: Motion, side: float) -> list[Motion]:
    """A stream that falls from a tilted vessel."""
    wet = Costume("droplet", build=Build.PUFF)
    places = (0.46 * side / max(host.costume.aspect, 0.5), 0.56)
    return r.emit(host, wet, places, 0.13, (0.0, -1.0), count=9, life=0.7, strength=0.95)
