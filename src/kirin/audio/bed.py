"""The bed: the ambience of all shots, cross-faded where one shot follows the other."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from kirin.audio.ambience import shot_loudness, synthesise_layer
from kirin.audio.loudness import ABSOLUTE_GATE, integrated_loudness
from kirin.audio.synthesis import Signal
from kirin.domain.intent import SoundLayer
from kirin.domain.soundtrack import RATE, Block

CROSSFADE: Final = int(0.8 * RATE)
"""Samples of cross-fade around a cut, where both shots are that long."""

_MOST: Final = 10 ** (12 / 20)
"""Greatest factor that brings a shot to its loudness; a shot may be all pause."""


@dataclass(frozen=True, slots=True)
class BedSection:
    """What is heard over a shot.

    Attributes:
        layers: its ambience, at least one.
        start, end: first sample, and one past the last; ``end`` is greater.
        seed: of sounds that begin here.
    """

    layers: Sequence[SoundLayer]
    start: int
    end: int
    seed: int


@dataclass(frozen=True, slots=True)
class _Run:
    """A layer that goes on over one or more sections, ``first`` to ``last``."""

    layer: SoundLayer
    first: int
    last: int


def mix_bed(sections: Sequence[BedSection], check: Callable[[], None] = lambda: None) -> Block:
    """Synthesise and mix the ambience of shots that follow each other.

    A sound that neighbouring shots share, at the same intensity, goes on across the cut; the
    others fade into each other with constant power, and loudness glides.

    Args:
        sections: one for each shot, without gaps, from sample 0.
        check: called between the steps; may raise ``Stopped``.

    Returns:
        Sound at a loudness relative to other shots; mastering sets that of the whole video.
    """
    halves = _half_fades(sections)
    bed = np.zeros((2, sections[-1].end if sections else 0), np.float32)
    for run in _runs(sections):
        check()
        before, after = halves[run.first], halves[run.last + 1]
        start, end = sections[run.first].start - before, sections[run.last].end + after
        sound = synthesise_layer(run.layer, end - start, sections[run.first].seed)
        fade(sound, 2 * before, 2 * after)
        bed[:, start:end] += sound
    factors = [_factor(bed[:, each.start : each.end], each.layers) for each in sections]
    return bed * _glide(factors, sections, halves)


def fade(sound: Block, rise: int, fall: int) -> None:
    """Fade in and out in place, with constant power where two fades overlap."""
    if rise:
        sound[:, :rise] *= np.sin(np.linspace(0, np.pi / 2, rise, dtype=np.float32))
    if fall:
        sound[:, -fall:] *= np.cos(np.linspace(0, np.pi / 2, fall, dtype=np.float32))


def _half_fades(sections: Sequence[BedSection]) -> list[int]:
    """Samples by which a cross-fade reaches to each side of a cut; 0 at both ends.

    No more than half a shot, so that the fades at its two ends do not overlap.
    """
    inner = [
        min(CROSSFADE, one.end - one.start, other.end - other.start) // 2
        for one, other in itertools.pairwise(sections)
    ]
    return [0, *inner, 0]


def _runs(sections: Sequence[BedSection]) -> Iterator[_Run]:
    """Every layer once for as many neighbouring sections as have it."""
    for index, section in enumerate(sections):
        for layer in section.layers:
            if index and layer in sections[index - 1].layers:
                continue
            last = index
            while last + 1 < len(sections) and layer in sections[last + 1].layers:
                last += 1
            yield _Run(layer, index, last)


def _factor(sound: Block, layers: Sequence[SoundLayer]) -> float:
    """What brings a shot to its loudness."""
    found = integrated_loudness(sound)
    if found <= ABSOLUTE_GATE:
        return 1.0
    return float(min(10 ** ((shot_loudness(layers) - found) / 20), _MOST))


def _glide(
    factors: Sequence[float], sections: Sequence[BedSection], halves: Sequence[int]
) -> Signal:
    """The factor of each sample: that of its shot, and a slope in decibels across each cut."""
    at: list[int] = []
    levels: list[float] = []
    for index, (factor, section) in enumerate(zip(factors, sections, strict=True)):
        at += [section.start + halves[index], section.end - halves[index + 1]]
        levels += [float(np.log(factor))] * 2
    samples = np.arange(sections[-1].end if sections else 0)
    if not levels:
        return np.zeros(0, np.float32)
    return np.exp(np.interp(samples, at, levels)).astype(np.float32)
