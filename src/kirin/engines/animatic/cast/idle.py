"""What performers do when nothing tells them to do anything: breathe, sway, float."""

from __future__ import annotations

import math

import numpy as np

from kirin.concepts.concept import Gait, Kind
from kirin.engines.animatic.cast.medium import Medium
from kirin.engines.animatic.cast.motion import Motion
from kirin.engines.animatic.cast.rehearsal import Rehearsal


def breathe(r: Rehearsal, index: int) -> None:
    """The motion of a living or swaying thing in its place, under every action."""
    concept, medium = r.concepts[index], r.mediums[index]
    for number, motion in enumerate(r.motions[index]):
        shift = 0.31 * number + 0.13 * index
        depth = 0.012 if r.is_living(index) else 0.003
        motion.squash = motion.squash * (1.0 + depth * r.wave(0.30, shift))
        if r.is_living(index):
            motion.rotation = motion.rotation + 0.012 * r.wave(0.17, shift)
        if concept.kind is Kind.PLANT:
            motion.phase = r.seconds * 0.32 + shift
            motion.stride = np.full(r.frames, 0.7)
        _rock(r, motion, medium, concept.gait, shift)


def _rock(r: Rehearsal, motion: Motion, medium: Medium, gait: Gait, shift: float) -> None:
    if medium is Medium.WATER:
        motion.row = motion.row + 0.006 * r.wave(0.27, shift)
        swing = 0.035 if gait is Gait.SAIL else 0.02
        motion.rotation = motion.rotation + swing * r.wave(0.21, shift + 0.2)
    elif medium in (Medium.AIR, Medium.DEEP):
        motion.row = motion.row + 0.012 * r.wave(0.23, shift)
        motion.rotation = motion.rotation + 0.02 * r.wave(0.17, shift)
    elif medium is Medium.GROUND and gait is Gait.DRIVE:
        motion.squash = motion.squash * (1.0 + 0.003 * r.wave(6.0, shift))


def wander(r: Rehearsal, index: int) -> None:
    """Without any action: what is never at rest moves a little."""
    gait, medium = r.concepts[index].gait, r.mediums[index]
    if medium is Medium.SKY:
        if gait is Gait.STILL and r.concepts[index].id.startswith("cloud"):
            for motion in r.motions[index]:
                motion.x = motion.x + 0.05 * (r.share - 0.5)
    elif medium is Medium.AIR and gait in (Gait.FLAP, Gait.GLIDE):
        r.cross(index, 0.5 if gait is Gait.FLAP else 0.4)
        r.step(index, 1.0, 1.0)
    elif medium in (Medium.DEEP, Medium.WATER) and gait in (Gait.SWIM, Gait.SAIL):
        r.cross(index, 0.3)
        r.step(index, 0.8, 0.7)
    elif r.is_living(index) and medium is Medium.GROUND:
        # A glance to the other side would look like a cut; a nod does not.
        for number, motion in enumerate(r.motions[index]):
            motion.squash = motion.squash * (1.0 + 0.008 * r.wave(0.55, 0.4 * number))
            motion.phase = 0.25 * np.sin(2 * math.pi * 0.4 * r.seconds + number)
            motion.stride = np.full(r.frames, 0.12)
