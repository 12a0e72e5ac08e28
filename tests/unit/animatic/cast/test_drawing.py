"""Drawing: what is in a finished frame, against the same frame without the cast."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from kirin.concepts.library import library
from kirin.domain.cast import Action, Cast, CastMember, Relation, ShotSize, Style
from kirin.domain.intent import SceneDescription, Terrain, Time, Weather
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cast.blocking import Blocking, block
from kirin.engines.animatic.cast.costume import costume_of
from kirin.engines.animatic.cast.gait import bend, find_joints
from kirin.engines.animatic.cast.wardrobe import art_of, main_hue
from kirin.engines.animatic.scene.ground import Ground
from kirin.engines.animatic.scene.layer import SceneLayer
from kirin.engines.animatic.scene.occlusion import ordered
from kirin.engines.animatic.stage.scene import Scene
from kirin.vision.planes import Planes
from support.staging import FPS, LAND, SEA, Mask, Stage, member, related, scene_of

SIZE = (320, 180)
POSES = (Pose(),) * 24


def blocked(cast: Cast, ground: Ground = LAND) -> Blocking:
    return block(cast, ground, SIZE, FPS, POSES, 3)


def luma(scene: Scene, number: int = 12) -> np.ndarray:
    return Planes.of_frame(scene.frame(number)).y.astype(np.int16)


def scenes(cast: Cast, description: SceneDescription, ground: Ground = LAND) -> tuple[Scene, Scene]:
    """With the cast and without it."""
    with_cast = Scene(description, *SIZE, FPS, POSES, blocked(cast, ground), cast.styles)
    return with_cast, Scene(description, *SIZE, FPS, POSES)


def blobs(mask: Mask) -> int:
    """Separate regions of more than a few pixels."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    return int(sum(stats[n, cv2.CC_STAT_AREA] > 40 for n in range(1, count)))


def test_the_cast_is_in_the_frame_where_its_box_says() -> None:
    cast = Cast((member("dog"),))
    full, empty = scenes(cast, scene_of())
    changed = np.abs(luma(full) - luma(empty)) > 24
    left, top, right, bottom = blocked(cast).boxes(12)[0]
    rows, columns = np.nonzero(changed)
    assert changed.sum() > 1500
    assert columns.min() / SIZE[0] == pytest.approx(left, abs=0.03)
    assert columns.max() / SIZE[0] == pytest.approx(right, abs=0.06)
    assert rows.min() / SIZE[1] == pytest.approx(top, abs=0.04)
    assert rows.max() / SIZE[1] < bottom + 0.12  # and its shadow


def test_a_scene_without_a_cast_is_as_before_and_frames_come_in_any_order() -> None:
    full, empty = scenes(Cast((member("fox", Action.RUN),)), scene_of())
    late = full.frame(20)
    early = full.frame(2)
    assert np.array_equal(full.frame(20), late)
    assert np.array_equal(full.frame(2), early)
    assert not np.array_equal(early, empty.frame(2))


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_the_number_of_them_can_be_counted(count: int) -> None:
    stage = Stage(Cast((member("red-apple", count=count),)), size=(480, 270))
    assert blobs(stage.mask(10)) == count


def test_night_is_darker_and_sunset_is_warmer_on_the_cast() -> None:
    dog = Cast((member("ewe"),))
    day, night, sunset = (Stage(dog, time=t) for t in (Time.DAY, Time.NIGHT, Time.SUNSET))
    where = day.mask(5)
    coarse = where[::2, ::2]
    assert night.canvas(5).y[where].mean() < 0.75 * day.canvas(5).y[where].mean()
    warmth = [float((s.canvas(5).v - s.canvas(5).u)[coarse].mean()) for s in (day, sunset)]
    assert warmth[1] > warmth[0] + 6


def test_standing_performers_throw_a_shadow() -> None:
    full, empty = scenes(Cast((member("dog"),)), scene_of(Terrain.DESERT))
    _, _, _, bottom = blocked(Cast((member("dog"),))).boxes(12)[0]
    row = round(bottom * SIZE[1]) + 2
    darker = luma(empty)[row : row + 5] - luma(full)[row : row + 5]
    assert (darker > 6).sum() > 20


def test_boats_are_reflected_in_water() -> None:
    cast = Cast((member("sailboat"),))
    full, empty = scenes(cast, scene_of(Terrain.SEA), SEA)
    box = blocked(cast, SEA).boxes(12)[0]
    below = slice(round(box[3] * SIZE[1]) + 3, round((2 * box[3] - box[1]) * SIZE[1]))
    change = np.abs(luma(full) - luma(empty))[below, round(box[0] * 320) : round(box[2] * 320)]
    assert (change > 5).mean() > 0.10


def test_rain_is_in_front_and_the_sun_is_behind() -> None:
    wet = replace(scene_of(), weather=Weather.RAIN)
    full, _ = scenes(Cast((member("snowman"),)), wet)
    a, b = luma(full, 10), luma(full, 11)
    left, top, right, bottom = blocked(Cast((member("snowman"),))).boxes(10)[0]
    inside = np.s_[
        round((top + 0.1) * 180) : round((bottom - 0.1) * 180),
        round((left + 0.04) * 320) : round((right - 0.04) * 320),
    ]
    assert np.abs(a - b)[inside].max() > 6
    guests = full.guests
    order = ordered(full._drawables, guests, 0.4)
    assert order.index(guests[0]) < len(order) - 1
    high, _ = scenes(Cast((member("sun"),)), scene_of(Terrain.MOUNTAINS))
    order = ordered(high._drawables, high.guests, 0.4)
    land = [n for n, each in enumerate(order) if isinstance(each, SceneLayer)]
    assert order.index(high.guests[0]) < max(land)


def test_nearer_performers_cover_farther_ones() -> None:
    stage = Stage(Cast((related("girl", Relation.BEHIND, 1), member("package"))))
    middle = stage.middle(5, 1)
    canvas = stage.canvas(5)
    brown = canvas.v[round(middle[1] * 90), round(middle[0] * 160)]
    assert brown > 132  # the box, and not the girl


def test_a_shallow_focus_blurs_the_place_and_not_the_subject() -> None:
    sharp, _ = scenes(Cast((member("cat"),)), scene_of(Terrain.FOREST))
    soft, _ = scenes(
        Cast((member("cat"),), styles=(Style.SHALLOW_FOCUS,)), scene_of(Terrain.FOREST)
    )
    box = blocked(Cast((member("cat"),))).boxes(12)[0]

    def detail(scene: Scene, part: tuple[slice, slice]) -> float:
        return float(np.abs(cv2.Laplacian(luma(scene)[part].astype(np.float32), cv2.CV_32F)).mean())

    place = np.s_[40:110, 0 : round(box[0] * 320) - 6]
    middle, centre = (box[1] + box[3]) / 2, (box[0] + box[2]) / 2
    subject = np.s_[
        round(middle * 180) - 12 : round(middle * 180) + 12,
        round(centre * 320) - 20 : round(centre * 320) + 20,
    ]
    assert detail(soft, place) < 0.75 * detail(sharp, place)
    assert detail(soft, subject) > 0.8 * detail(sharp, subject)


def test_drawing_is_deterministic() -> None:
    cast = Cast((member("dog", Action.WALK, count=3), member("castle")))
    first, second = (Stage(cast) for _ in range(2))
    for number in (0, 50):
        assert np.array_equal(first.canvas(number).y, second.canvas(number).y)
        assert np.array_equal(first.canvas(number).u, second.canvas(number).u)


def test_colours_and_age_change_the_art_but_not_its_shape() -> None:
    plain = art_of(costume_of(CastMember("car", "automobile"), None), 120)
    blue = art_of(costume_of(CastMember("car", "automobile", colour="blue"), None), 120)
    black = art_of(costume_of(CastMember("car", "automobile", colour="black"), None), 120)
    old = art_of(costume_of(CastMember("car", "automobile", old=True), None), 120)
    assert np.array_equal(plain[..., 3], blue[..., 3])
    assert 100 < main_hue(blue)[0] < 120
    assert not 100 < main_hue(plain)[0] < 120
    solid = plain[..., 3] > 200
    assert black[solid][:, :3].mean() < 0.8 * plain[solid][:, :3].mean()

    def saturation(art: np.ndarray) -> float:
        rgb = art[solid][:, :3].astype(np.float32)
        return float((rgb.max(axis=1) - rgb.min(axis=1)).mean())

    assert saturation(old) < 0.6 * saturation(plain)


@pytest.mark.parametrize("concept", ["fox", "panda", "robot", "princess", "alien", "unicorn"])
def test_figures_put_together_are_whole(concept: str) -> None:
    costume = costume_of(CastMember(concept, concept), None)
    art = art_of(costume, 160)
    assert art.shape == (160, round(160 * costume.aspect), 4)
    solid = art[..., 3] > 100
    assert blobs(solid) <= 3  # arms may hang beside the body
    assert solid[-12:].any()  # it has feet,
    assert solid[-6:].mean() < 0.75  # which are narrower than the figure


@pytest.mark.parametrize("vehicle", ["automobile", "bus", "racing-car", "taxi"])
def test_wheels_are_found(vehicle: str) -> None:
    costume = costume_of(CastMember(vehicle, vehicle), None)
    wheels = find_joints(art_of(costume, 300), costume).wheels
    assert len(wheels) == 2
    assert abs(wheels[0, 0] - wheels[1, 0]) > 0.3
    assert wheels[:, 1].min() > 0.5


@pytest.mark.parametrize("animal", ["fox", "dog", "horse", "elephant", "cow", "cat"])
def test_a_leg_shows_no_piece_of_the_one_beside_it(animal: str) -> None:
    """Nothing comes loose from the body, whatever the step."""
    costume = costume_of(CastMember(animal, animal), None)
    art = art_of(costume, 80)
    joints = find_joints(art, costume)
    rows, columns = art.shape[:2]
    outside = np.pad(art[..., 3], 1)

    def bent(phase: float) -> Mask:
        given = (joints.warp, costume.aspect, phase, 1.0, -1.0, joints.legs, joints.wheels, 0.0)
        places = [
            bend((j + 0.5) / columns, (i + 0.5) / rows, *given)
            for i in range(rows)
            for j in range(columns)
        ]
        across, down = (np.array(each) for each in zip(*places, strict=True))
        seen = outside[
            np.clip(down * rows + 1, 0, rows + 1).astype(int),
            np.clip(across * columns + 1, 0, columns + 1).astype(int),
        ]
        return np.asarray(seen.reshape(rows, columns) > 128)

    def pieces(mask: Mask) -> int:
        count, _, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
        return int(sum(stats[n, cv2.CC_STAT_AREA] > 6 for n in range(1, count)))

    assert max(pieces(bent(n * np.pi / 6)) for n in range(0, 12, 2)) == pieces(art[..., 3] > 128)


def test_every_concept_can_be_staged_and_dressed() -> None:
    """A sample of all kinds, each in its own costume, in three sizes of shot."""
    concepts = [concept.id for concept in library()][::23]
    for concept in concepts:
        for size in (None, ShotSize.CLOSE_UP, ShotSize.WIDE):
            stage = block(Cast((member(concept),), size=size), LAND, SIZE, FPS, POSES[:2], 1)
            left, top, right, bottom = stage.boxes(0)[0]
            assert right - left > 0.02
            assert bottom - top > 0.08
        costume = costume_of(CastMember(concept, concept), None)
        assert art_of(costume, 40).shape == (40, max(round(40 * costume.aspect), 4), 4)
