"""That a character's parts follow its bones, and its bones the driver's."""

import itertools

import cv2
import numpy as np
import pytest

from kirin.domain.storyboard import Orientation
from kirin.engines.animatic.puppet.backdrop import clear_backdrop
from kirin.engines.animatic.puppet.character_mask import _without_strips
from kirin.engines.animatic.puppet.deformation import Deformation
from kirin.engines.animatic.puppet.drawing import draw, lay
from kirin.engines.animatic.puppet.mesh import Mesh
from kirin.engines.animatic.puppet.part_layers import cut_layers
from kirin.engines.animatic.puppet.puppet import CharacterPlacement, Posture, Puppet
from kirin.engines.animatic.puppet.retargeting import Bounds, Retargeting
from kirin.engines.animatic.puppet.segmentation import NO_PART, segment_parts
from kirin.vision.planes import Planes, new_frame
from kirin.vision.pose.facing import FacingMatch, face_same_way
from kirin.vision.pose.foot_contact import foot_contacts, locked_positions, root_correction, runs
from kirin.vision.pose.skeleton import CHAINS, LIMBS, BodyPart, Node, Skeleton

pytestmark = pytest.mark.slow

WIDTH, HEIGHT = 320, 480
RED, BLUE, SKIN, GREY = (200, 50, 40), (40, 60, 160), (230, 190, 160), (120, 120, 120)

STANDING = {
    Node.PELVIS: (160, 250),
    Node.NECK: (160, 130),
    Node.HEAD: (160, 85),
    Node.LEFT_SHOULDER: (195, 135),
    Node.LEFT_ELBOW: (235, 190),
    Node.LEFT_WRIST: (262, 245),
    Node.LEFT_HAND: (272, 265),
    Node.RIGHT_SHOULDER: (125, 135),
    Node.RIGHT_ELBOW: (85, 190),
    Node.RIGHT_WRIST: (58, 245),
    Node.RIGHT_HAND: (48, 265),
    Node.LEFT_HIP: (180, 250),
    Node.LEFT_KNEE: (190, 345),
    Node.LEFT_ANKLE: (195, 435),
    Node.LEFT_TOE: (212, 448),
    Node.RIGHT_HIP: (140, 250),
    Node.RIGHT_KNEE: (130, 345),
    Node.RIGHT_ANKLE: (125, 435),
    Node.RIGHT_TOE: (108, 448),
}


def skeleton(points=None, forward=0.0):
    """Somebody who stands upright, arms held away from the body, unless moved."""
    nodes = np.array([STANDING[node] for node in Node], float) if points is None else points
    return Skeleton(nodes, np.zeros(19), np.ones(19), np.zeros(2), forward)


def bent(limb, angle, base=None):
    """A limb turned as a whole about its root, radians."""
    points = (base or skeleton()).points.copy()
    chain = list(CHAINS[limb])
    cos, sin = np.cos(angle), np.sin(angle)
    points[chain] = (points[chain] - points[chain[0]]) @ np.array([[cos, sin], [-sin, cos]])
    points[chain] += (base or skeleton()).points[chain[0]]
    return skeleton(points)


def person():
    """A flat drawing of them on grey: picture and mask."""
    scale = 4
    rgb = np.full((HEIGHT * scale, WIDTH * scale, 3), GREY, np.uint8)
    alpha = np.zeros(rgb.shape[:2], np.uint8)

    def line(start, end, width, colour):
        ends = [[round(v * scale) for v in STANDING[node]] for node in (start, end)]
        cv2.line(rgb, *ends, colour, width * scale)
        cv2.line(alpha, *ends, 255, width * scale)

    for limb, (first, *rest) in CHAINS.items():
        arm = limb in (BodyPart.LEFT_ARM, BodyPart.RIGHT_ARM)
        for start, end in zip([first, *rest], rest, strict=False):
            line(start, end, 18 if arm else 30, SKIN if arm else BLUE)
    line(Node.NECK, Node.PELVIS, 76, RED)
    line(Node.NECK, Node.HEAD, 24, SKIN)
    line(Node.HEAD, Node.HEAD, 56, SKIN)
    size = (WIDTH, HEIGHT)
    return (
        cv2.resize(rgb, size, interpolation=cv2.INTER_AREA),
        cv2.resize(alpha, size, interpolation=cv2.INTER_AREA),
    )


@pytest.fixture(scope="module")
def puppet():
    rgb, alpha = person()
    border = np.zeros(alpha.shape, bool)
    return Puppet(rgb, alpha, skeleton(), LIMBS, border, CharacterPlacement(1.0, 0.0, 0.0))


def drawn(puppet, posture):
    """The puppet on grey, as RGB."""
    frame = new_frame(WIDTH, HEIGHT)
    planes = Planes.of_frame(frame)
    planes.y[:], planes.u[:], planes.v[:] = 119, 128, 128
    puppet.over(planes, posture)
    return planes.to_rgb().astype(int)


def order():
    return (
        BodyPart.LEFT_LEG,
        BodyPart.RIGHT_LEG,
        BodyPart.BODY,
        BodyPart.LEFT_ARM,
        BodyPart.RIGHT_ARM,
    )


def test_limbs_are_told_from_the_body_and_from_each_other():
    rgb, alpha = person()
    labels = segment_parts(rgb, alpha, skeleton(), LIMBS)
    for limb in LIMBS:
        for node in CHAINS[limb][1:3]:
            x, y = STANDING[node]
            assert labels[y, x] == limb
    assert labels[190, 160] == labels[80, 160] == BodyPart.BODY
    assert labels[5, 5] == NO_PART


def test_at_rest_a_puppet_is_its_picture(puppet):
    rgb, _ = person()
    seen = drawn(puppet, Posture(skeleton().points, order(), np.zeros(2)))
    apart = np.abs(seen - rgb)
    assert apart.mean() < 1.5
    assert np.percentile(apart, 99) < 40  # chroma is coarse, and limbs' seams are colours' too


def test_a_raised_arm_leaves_its_place_and_nothing_else_moves(puppet):
    rest = drawn(puppet, Posture(skeleton().points, order(), np.zeros(2)))
    raised = bent(BodyPart.LEFT_ARM, -1.6)
    seen = drawn(puppet, Posture(raised.points, order(), np.zeros(2)))
    before, after = STANDING[Node.LEFT_WRIST], raised.points[Node.LEFT_WRIST].round().astype(int)
    assert np.abs(seen[before[1], before[0]] - GREY).max() < 12
    assert np.abs(seen[after[1], after[0]] - SKIN).max() < 25
    assert np.abs(seen[:, :110] - rest[:, :110]).max() < 6
    assert np.abs(seen[330:] - rest[330:]).max() < 6


def test_what_is_hidden_has_the_colours_of_what_is_seen():
    rgb, alpha = person()
    crossed = bent(BodyPart.LEFT_ARM, 1.25)
    points = crossed.points.round().astype(int)
    chain = [tuple(points[node].tolist()) for node in CHAINS[BodyPart.LEFT_ARM]]
    rgb, alpha = rgb.copy(), alpha.copy()
    arm = np.zeros_like(alpha)
    for start, end in itertools.pairwise(chain):
        cv2.line(arm, start, end, 255, 18)
    rgb[arm > 0] = SKIN
    body = cut_layers(rgb, np.maximum(alpha, arm), crossed, LIMBS)[0]
    x, y = (points[Node.LEFT_ELBOW] + points[Node.LEFT_WRIST]) // 2
    assert body.alpha[y, x] > 200
    assert np.abs(body.rgb[y, x].astype(int) - RED).max() < 40


def test_bones_keep_what_is_beside_them_stiff():
    rgb, alpha = person()
    layers = cut_layers(rgb, alpha, skeleton(), LIMBS)
    mesh = Mesh.over(layers, skeleton(), 10.0, np.zeros(alpha.shape, bool))
    deformation = Deformation(mesh, skeleton().points)
    assert np.abs(deformation.shape(skeleton().points) - mesh.rest).max() < 0.2
    turned = deformation.shape(bent(BodyPart.RIGHT_LEG, 0.7).points)
    lengths = [
        np.hypot(*(at[mesh.edges[:, 0]] - at[mesh.edges[:, 1]]).T) for at in (mesh.rest, turned)
    ]
    ratio = lengths[1] / lengths[0]
    assert np.percentile(np.abs(ratio - 1), 90) < 0.1


def test_triangles_leave_no_gap_and_no_pixel_twice():
    rng = np.random.default_rng(3)
    steps = np.linspace(5, 55, 9)
    x, y = np.meshgrid(steps, steps)
    at = np.stack([x, y], 2).reshape(-1, 2) + rng.normal(0, 1.2, (81, 2))
    number = np.arange(81).reshape(9, 9)
    a, b, c, d = number[:-1, :-1], number[:-1, 1:], number[1:, :-1], number[1:, 1:]
    triangles = np.concatenate([np.stack(t, 2).reshape(-1, 3) for t in ((a, b, c), (b, d, c))])
    texture = np.full((60, 60, 4), 127, np.uint8)  # half transparent: twice would be more
    canvas = np.zeros((60, 60, 4), np.float32)
    source = np.full((81, 2), 30.0) + at / 10
    draw(canvas, texture, triangles, at, source)
    np.testing.assert_allclose(canvas[12:48, 12:48, 3], 127 / 255, atol=1e-5)
    assert canvas[..., 3].max() < 0.5


def test_a_canvas_is_laid_over_luma_and_chroma():
    planes = Planes.of_frame(new_frame(16, 16))
    planes.y[:], planes.u[:], planes.v[:] = 50, 100, 150
    canvas = np.zeros((8, 8, 4), np.float32)
    canvas[:] = (100.0, 60.0, 110.0, 0.5)  # half of (200, 120, 220)
    lay(planes.y, planes.u, planes.v, canvas, 4, 4)
    assert (planes.y[4:12, 4:12] == 125).all()
    assert (planes.y[:4] == 50).all()
    assert planes.u[3, 4] == 110
    assert planes.v[3, 4] == 185


def walk(count=30, step=4.0, scale=1.0):
    """Somebody large or small whose arm swings and who goes to the right, hovering."""
    driver = []
    for k in range(count):
        pose = bent(BodyPart.LEFT_ARM, -0.9 * np.sin(k / 5))
        driver.append(skeleton((pose.points + np.array([step * k, 0])) * scale))
    return driver


def directions(postures, start, end):
    lines = np.array([each[end] - each[start] for each in postures])
    return np.degrees(np.arctan2(lines[:, 1], lines[:, 0]))


BOUNDS = Bounds(-2000, 2000, rooted=False)


def test_limbs_take_the_drivers_angles_and_keep_their_lengths():
    short = skeleton().points.copy()
    chain = list(CHAINS[BodyPart.LEFT_ARM])
    short[chain] = short[chain[0]] + 0.8 * (short[chain] - short[chain[0]])
    driver = walk()
    told = Retargeting(driver, skeleton(short), LIMBS, BOUNDS, 30.0)
    nodes = [posture.nodes for posture in told.postures]
    for start, end in itertools.pairwise(chain[:3]):
        wanted = directions([each.points for each in driver], start, end)
        found = directions(nodes, start, end)
        assert np.abs((found - wanted + 180) % 360 - 180).max() < 1
        lengths = np.hypot(*np.array([each[end] - each[start] for each in nodes]).T)
        own = np.hypot(*(short[end] - short[start]))
        assert np.ptp(lengths) < 0.05 * own


def test_the_way_is_as_long_as_the_character_is_large():
    here = Retargeting(walk(), skeleton(), LIMBS, BOUNDS, 30.0).postures
    there = Retargeting(walk(scale=2.5), skeleton(), LIMBS, BOUNDS, 30.0).postures
    for one, two in zip(here, there, strict=True):
        np.testing.assert_allclose(one.nodes, two.nodes, atol=0.5)
    assert here[-1].nodes[0, 0] - here[0].nodes[0, 0] == pytest.approx(29 * 4.0, rel=0.05)


def test_nobody_leaves_the_picture():
    told = Retargeting(walk(step=30.0), skeleton(), LIMBS, Bounds(0, WIDTH, rooted=False), 30.0)
    x = np.array([posture.nodes[0, 0] for posture in told.postures])
    assert x.min() > 0
    assert x.max() < WIDTH
    assert 0 < told.notes["way_shortened_to"] < 1


def test_whom_the_picture_cuts_off_stays_where_they_are():
    arms = (BodyPart.LEFT_ARM, BodyPart.RIGHT_ARM)
    told = Retargeting(walk(step=9.0), skeleton(), arms, Bounds(0, WIDTH, rooted=True), 30.0)
    for posture in told.postures:
        np.testing.assert_allclose(posture.nodes[Node.PELVIS], STANDING[Node.PELVIS])


def test_standing_feet_stay_where_they_are():
    driver = [skeleton(bent(BodyPart.LEFT_ARM, -0.5 * np.sin(k / 4)).points) for k in range(40)]
    long = skeleton().points.copy()
    for leg in (BodyPart.LEFT_LEG, BodyPart.RIGHT_LEG):
        chain = list(CHAINS[leg])
        long[chain] = long[chain[0]] + 1.3 * (long[chain] - long[chain[0]])
    for k, each in enumerate(driver):  # sways over its feet
        for node in Node:
            height = max(430 - each.points[node, 1], 0) / 430
            each.points[node, 0] += 12 * height * np.sin(k / 6)
    postures = Retargeting(driver, skeleton(long), LIMBS, BOUNDS, 30.0).postures
    ankles = np.array([p.nodes[[Node.LEFT_ANKLE, Node.RIGHT_ANKLE]] for p in postures])
    assert np.ptp(ankles, axis=0).max() < 1.5


def test_a_foot_is_caught_softly():
    feet = np.zeros((40, 1, 2))
    feet[:, 0, 0] = np.r_[np.linspace(0, 100, 12), np.linspace(100, 103, 16), np.full(12, 160)]
    stand = np.zeros((40, 1), bool)
    stand[12:28] = True
    wanted = locked_positions(feet, stand, 30.0)
    assert np.ptp(wanted[12:28, 0, 0]) < 1e-9
    assert (wanted[:8] == feet[:8]).all()
    shift = root_correction(feet, stand, 30.0)
    assert shift[27, 0] - shift[12, 0] == pytest.approx(-(feet[27, 0, 0] - feet[12, 0, 0]))


def test_feet_in_the_air_do_not_stand():
    feet = np.zeros((30, 2, 2))
    feet[:, 1, 1] = -60.0
    feet[:15, 0, 0] = np.arange(15) * 10.0
    feet[15:, 0, 0] = 140.0
    stand = foot_contacts(feet, np.full(30, 100.0), 30.0)
    assert not stand[:, 1].any()
    assert not stand[:13, 0].any()
    assert list(runs(stand[:, 0])) == [(15, 30)] or stand[17:, 0].all()


@pytest.mark.parametrize("orientation", list(Orientation))
def test_who_faces_the_other_way_is_mirrored(orientation):
    left, right = skeleton(forward=-0.9), skeleton(forward=0.9)
    against = FacingMatch.of([left] * 5, right, orientation)
    assert against.mirrored == (orientation is Orientation.IMAGE)
    assert against.flipped == (orientation is Orientation.VIDEO)
    along = FacingMatch.of([right] * 5, right, orientation)
    assert not along.mirrored
    assert not along.flipped


def test_a_back_that_is_turned_does_not_cross_the_arms():
    front = bent(BodyPart.LEFT_ARM, -1.0)
    back = front.mirrored(WIDTH).swapped()  # the same person, seen from behind
    driver, share = face_same_way([front] * 20 + [back] * 20, skeleton(), 30.0)
    assert share == pytest.approx(0.5)
    for each in (driver[0], driver[-1]):
        assert each.points[Node.LEFT_SHOULDER, 0] > each.points[Node.RIGHT_SHOULDER, 0]


def robed():
    """Somebody in flat colours with an outline, a belt, and wide sleeves that hang: with a mask."""
    scale = 4
    rgb = np.full((HEIGHT * scale, WIDTH * scale, 3), GREY, np.uint8)
    alpha = np.zeros(rgb.shape[:2], np.uint8)
    ink = (30, 25, 30)

    def shape(points, colour, margin=3):
        corners = np.array(points) * scale
        for canvas, values in ((rgb, (ink, colour)), (alpha, (255, 255))):
            cv2.polylines(canvas, [corners], True, values[0], 2 * margin * scale)
            cv2.fillPoly(canvas, [corners], values[1])

    for x in (140, 180):
        shape([(x - 14, 290), (x + 14, 290), (x + 12, 448), (x - 12, 448)], BLUE)
    shape([(128, 128), (192, 128), (204, 300), (116, 300)], RED)
    shape([(119, 215), (201, 215), (202, 232), (118, 232)], (235, 200, 80), 1)
    for side in (-1, 1):
        sleeve = [(26, 126), (40, 128), (104, 222), (88, 268), (56, 250), (24, 185)]
        shape([(160 + side * x, y) for x, y in sleeve], RED)
    shape([(140, 60), (180, 60), (180, 112), (140, 112)], SKIN)
    size = (WIDTH, HEIGHT)
    return (
        cv2.resize(rgb, size, interpolation=cv2.INTER_AREA),
        cv2.resize(alpha, size, interpolation=cv2.INTER_AREA),
    )


def roughness(mask):
    """How much longer an outline is than a smooth one: its perimeter over that of its opening."""
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9))
    smooth = cv2.morphologyEx(cv2.morphologyEx(mask, cv2.MORPH_OPEN, disc), cv2.MORPH_CLOSE, disc)
    lengths = []
    for each in (mask, smooth):
        outlines, _ = cv2.findContours(each, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        lengths.append(sum(cv2.arcLength(outline, True) for outline in outlines))
    return lengths[0] / lengths[1]


def test_a_wide_sleeve_belongs_to_its_arm_as_a_whole():
    rgb, alpha = robed()
    labels = segment_parts(rgb, alpha, skeleton(), LIMBS)
    for arm, side in ((BodyPart.LEFT_ARM, 1), (BodyPart.RIGHT_ARM, -1)):
        inner = [(56, 240), (70, 250), (84, 258), (40, 205), (50, 225)]
        assert all(labels[y, 160 + side * x] == arm for x, y in inner)
        mask = (labels == arm).astype(np.uint8)
        assert cv2.connectedComponents(mask)[0] == 2  # in one piece
        assert roughness(mask) < 1.08


def test_a_skirt_is_not_torn_between_the_legs():
    rgb, alpha = robed()
    labels = segment_parts(rgb, alpha, skeleton(), LIMBS)
    assert (labels[255:290, 140:180] == BodyPart.BODY).all()
    assert labels[380, 180] == BodyPart.LEFT_LEG
    assert labels[380, 140] == BodyPart.RIGHT_LEG


def test_raised_sleeves_leave_no_wings():
    rgb, alpha = robed()
    border = np.zeros(alpha.shape, bool)
    place = CharacterPlacement(1.0, 0.0, 0.0)
    clothed = Puppet(rgb, alpha, skeleton(), LIMBS, border, place)
    points = skeleton().points
    for arm, angle in ((BodyPart.LEFT_ARM, -1.9), (BodyPart.RIGHT_ARM, 1.9)):
        points[list(CHAINS[arm])] = bent(arm, angle).points[list(CHAINS[arm])]
    seen = drawn(clothed, Posture(points, order(), np.zeros(2)))
    grey = np.abs(seen - GREY).max(axis=2) < 12
    assert grey[180:280, 225:].all()
    assert grey[180:280, :95].all()
    # The trunk goes on in its own colours where sleeves had covered it.
    trunk = seen[150:205, 132:188].reshape(-1, 3)
    assert (np.abs(trunk - RED).max(axis=1) < 40).mean() > 0.9
    assert (np.abs(seen[220:228, 125:195] - (235, 200, 80)).max(axis=2) < 60).mean() > 0.9


def test_the_place_of_a_character_is_filled_by_what_goes_on_behind():
    picture = np.full((120, 240, 3), (150, 205, 235), np.uint8)
    slope = np.array([[0, 120], [0, 40], [239, 64], [239, 120]])
    cv2.fillPoly(picture, [slope], (120, 150, 175))
    picture[80:] = (150, 190, 105)
    picture[70:76] = (185, 135, 90)
    shown = picture.copy()
    shown[20:110, 100:140] = (200, 40, 40)
    alpha = np.zeros((120, 240), np.uint8)
    alpha[20:110, 100:140] = 255
    shown[66:80, 92:96] = (120, 80, 50)  # a post beside
    filled = clear_backdrop(shown, alpha).astype(int)
    apart = np.abs(filled - picture).max(axis=2)[:, 100:140]
    assert (apart <= 12).mean() > 0.96
    assert apart[71:75].max() <= 6  # the rail goes through
    np.testing.assert_array_equal(filled[:, :90], shown[:, :90])


def test_what_is_behind_a_character_of_a_photograph_is_inpainted():
    rng = np.random.default_rng(3)
    shown = rng.integers(60, 200, (160, 240, 3), np.uint8)
    shown[40:120, 100:130] = (200, 40, 40)
    alpha = np.zeros((160, 240), np.uint8)
    alpha[40:120, 100:130] = 255
    filled = clear_backdrop(shown, alpha)
    assert filled[50:110, 105:125].std() > 15
    np.testing.assert_array_equal(filled[:, :80], shown[:, :80])


def test_a_thin_post_behind_a_hand_stays_where_it_is():
    mask = np.zeros((480, 320), np.uint8)
    bones = np.zeros((480, 320), bool)
    bones[100:300, 120:200] = True
    mask[100:300, 120:200] = 255
    mask[300:380, 150:158] = 255
    mask[300:360, 120:140] = 255  # as wide as clothes
    left = _without_strips(mask, bones, bones, 120.0)
    assert (left[330:, 150:158] == 0).all()
    assert (left[100:298, 122:198] == 255).all()
    assert (left[310:350, 124:136] == 255).all()
    assert _without_strips(left, bones, bones, 120.0) is left
