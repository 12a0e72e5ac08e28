"""That subjects of a picture breathe, and that nothing else changes."""

from dataclasses import replace

import cv2
import numpy as np

from kirin.domain.motion import BodyMotion, BodyRequest
from kirin.engines.animatic.cinemagraph.body.breathing import breaths
from kirin.vision.planes import Planes, picture_to_frame
from support.bodies import COUNT, FPS, MODELS, Living, psnr


def person_width(luma, row, ground):
    """Width of what is brighter than the ground in a row, to a part of a pixel."""
    line = luma[row - 3 : row + 4].mean(axis=0)
    share = np.clip((line - ground) / (line[line.shape[0] // 2] - ground), 0, 1)
    return float(share.sum())


def test_breaths_are_regular_and_asymmetric():
    depth = np.array(breaths(480, FPS, (13, 17), 5))
    assert depth[0] == 0
    peaks = np.flatnonzero((depth[1:-1] > depth[:-2]) & (depth[1:-1] >= depth[2:])) + 1
    per_minute = 60 * FPS / np.diff(peaks).mean()
    assert 12 <= per_minute <= 18
    assert np.abs(np.diff(depth)).max() < 0.09
    first = int(peaks[0])
    out = int(np.flatnonzero(depth[first:] < 0.02)[0])
    assert out > 1.1 * first


def test_a_flank_swells_by_a_hundredth_or_two(animal):
    rgb, alpha = animal
    living = Living(rgb, BodyRequest("dog", "breathes", BodyMotion.BREATHE), alpha=alpha)
    assert living.missing == []
    depth = np.array(breaths(COUNT, FPS, (18, 26), 1 * 17 + 3))
    full = int(depth[:60].argmax())
    row = 220

    def height_of(number):
        column = living.luma(number)[:, 297:304].mean(axis=1)
        return float(np.clip((column - 30) / (column[row] - 30), 0, 1).sum())

    rest, deep = height_of(0), height_of(full)
    assert 0.005 < deep / rest - 1 < 0.03
    half = height_of(int(np.flatnonzero(depth[:full] > 0.5)[0]))
    assert rest < half < deep
    out = int(np.flatnonzero(depth[full:60] < 0.02)[0]) + full
    assert abs(height_of(out) / rest - 1) < 0.003


def test_the_rest_is_still_while_somebody_breathes(animal):
    rgb, alpha = animal
    living = Living(rgb, BodyRequest("dog", "breathes", BodyMotion.BREATHE), alpha=alpha)
    depth = np.array(breaths(COUNT, FPS, (18, 26), 1 * 17 + 3))
    rest, deep = living.luma(0), living.luma(int(depth.argmax()))
    away = cv2.dilate((alpha > 0).astype(np.uint8), np.ones((15, 15), np.uint8)) == 0
    assert psnr(deep[away], rest[away]) > 60
    target = picture_to_frame(rgb, living.width, living.height)
    assert psnr(living.frame(0), target) > 40


def test_a_chest_widens_and_the_head_rises(portrait):
    rgb, alpha = portrait
    living = Living(rgb, BodyRequest("woman", "breathes", BodyMotion.BREATHE), alpha=alpha)
    assert living.missing == []
    depth = np.array(breaths(COUNT, FPS, (13, 17), 1 * 17 + 3))
    rest, deep = living.frame(0), living.frame(int(depth.argmax()))
    pictures = [Planes.of_frame(frame).to_rgb() for frame in (rest, deep)]
    before, after = (MODELS.face_estimator.find(picture)[0] for picture in pictures)
    rise = float((before.points - after.points)[:, 1].mean())
    assert 1.0 < rise < 8.0
    width = float(np.ptp(before.points[:, 0]))
    assert abs(float(np.ptp(after.points[:, 0])) / width - 1) < 0.01  # a head does not swell
    assert psnr(rest[20:300, :60], deep[20:300, :60]) > 45
    assert psnr(rest, picture_to_frame(rgb, living.width, living.height)) > 38


def test_what_does_not_breathe_is_missing(portrait, animal):
    rgb, alpha = portrait
    breathe = BodyRequest("rocket", "breathes", BodyMotion.BREATHE)
    assert Living(rgb, breathe, alpha=alpha).missing == ["rocket breathes"]
    as_cat = replace(breathe, word="cat")
    assert Living(rgb, as_cat, alpha=alpha).missing == ["cat breathes"]
    as_woman = replace(breathe, word="woman")
    assert Living(animal[0], as_woman, alpha=animal[1]).missing == ["woman breathes"]
