"""Fire: the roar of flames, and wood that crackles and pops."""

from __future__ import annotations

import numpy as np

from kirin.audio.signal import (
    band,
    burst,
    chances,
    drift,
    noise,
    ring,
    scatter,
)
from kirin.domain.soundtrack import Block


def fire(samples: int, rng: np.random.Generator, force: float) -> Block:
    """A camp fire at half force, a blaze at full."""
    flutter = 0.35 + 0.65 * drift(samples, rng, 0.11) * drift(samples, rng, 0.9)
    roar = noise(samples, rng, band(45, 180 + 420 * force, 1.3) * flutter[:, None], 0.5)
    level = float(np.sqrt((roar**2).mean())) + 1e-9
    hiss = noise(samples, rng, band(3500, 9500, 1.2) * flutter[:, None], 0.8)
    hiss *= 0.07 * level / (float(np.sqrt((hiss**2).mean())) + 1e-9)
    sparks = [
        burst(rng, 3000 * 2 ** rng.uniform(-1.2, 1.2), 0.45, rng.uniform(0.0004, 0.0028))
        for _ in range(40)
    ]
    busy = 5 + (14 + 40 * force) * drift(samples, rng, 0.3) ** 3
    starts = chances(rng, busy, samples)
    sizes = np.minimum(rng.pareto(1.6, len(starts)) + 0.3, 9)
    crackle = scatter(samples, rng, sparks, starts, sizes * level * 3.0, 0.7)
    knots = [ring(260 * 2 ** rng.uniform(-0.5, 1.2), rng.uniform(0.004, 0.012)) for _ in range(8)]
    starts = chances(rng, np.full_like(busy, 1.4), samples)
    pops = scatter(samples, rng, knots, starts, rng.uniform(2, 6, len(starts)) * level, 0.5)
    return roar + hiss + crackle + pops
