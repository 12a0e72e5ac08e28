"""Sound of fire: the roar of flames, and crackling, popping wood."""

from __future__ import annotations

import numpy as np

from kirin.audio.synthesis import (
    band_pass,
    damped_sine,
    filtered_noise,
    noise_burst,
    poisson_onsets,
    scatter_grains,
    value_noise,
)
from kirin.domain.soundtrack import Block


def fire(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """A campfire at intensity 0.5, a blaze at 1."""
    flutter = 0.35 + 0.65 * value_noise(samples, rng, 0.11) * value_noise(samples, rng, 0.9)
    roar = filtered_noise(
        samples, rng, band_pass(45, 180 + 420 * intensity, 1.3) * flutter[:, None], 0.5
    )
    level = float(np.sqrt((roar**2).mean())) + 1e-9
    hiss = filtered_noise(samples, rng, band_pass(3500, 9500, 1.2) * flutter[:, None], 0.8)
    hiss *= 0.07 * level / (float(np.sqrt((hiss**2).mean())) + 1e-9)
    sparks = [
        noise_burst(rng, 3000 * 2 ** rng.uniform(-1.2, 1.2), 0.45, rng.uniform(0.0004, 0.0028))
        for _ in range(40)
    ]
    busy = 5 + (14 + 40 * intensity) * value_noise(samples, rng, 0.3) ** 3
    starts = poisson_onsets(rng, busy, samples)
    sizes = np.minimum(rng.pareto(1.6, len(starts)) + 0.3, 9)
    crackle = scatter_grains(samples, rng, sparks, starts, sizes * level * 3.0, 0.7)
    knots = [
        damped_sine(260 * 2 ** rng.uniform(-0.5, 1.2), rng.uniform(0.004, 0.012)) for _ in range(8)
    ]
    starts = poisson_onsets(rng, np.full_like(busy, 1.4), samples)
    pops = scatter_grains(samples, rng, knots, starts, rng.uniform(2, 6, len(starts)) * level, 0.5)
    return roar + hiss + crackle + pops
