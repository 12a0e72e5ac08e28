"""That a character's head stays in the picture, and its shadow on the ground."""

import numpy as np
import pytest

from kirin.engines.animatic.puppet.contact_shadow import ContactShadow
from kirin.engines.animatic.puppet.framing import CharacterFrame, fit_in_frame
from kirin.engines.animatic.puppet.puppet import CharacterPlacement, Posture
from kirin.vision.planes import Planes, new_frame
from kirin.vision.pose.skeleton import BodyPart, Node

ORDER = (BodyPart.BODY,)
REST = np.zeros((19, 2))
for node, place in {
    Node.PELVIS: (160, 250),
    Node.NECK: (160, 130),
    Node.HEAD: (160, 85),
    Node.LEFT_ANKLE: (190, 430),
    Node.LEFT_TOE: (205, 440),
    Node.RIGHT_ANKLE: (130, 430),
    Node.RIGHT_TOE: (115, 440),
}.items():
    REST[node] = place
FRAME = CharacterFrame(top=0.0, bottom=480.0, crown=40.0, sole=6.0)


def postures(*rises, scale=1.0):
    return [Posture(REST - [0.0, rise], ORDER, np.zeros(2), scale) for rise in rises]


def crown(posture):
    root = posture.nodes[Node.PELVIS, 1]
    head = root + posture.scale * (posture.nodes[Node.HEAD, 1] - root)
    return head - posture.scale * FRAME.crown


def test_who_fits_is_left_alone():
    same = postures(0, 10, 20)
    fitted, told = fit_in_frame(same, REST, FRAME, rooted=False)
    assert fitted == same
    assert told == {}


@pytest.mark.parametrize("rise", [45, 90, 150])
def test_who_jumps_out_of_the_picture_is_fitted_into_it(rise):
    fitted, told = fit_in_frame(postures(0, rise, 0), REST, FRAME, rooted=False)
    assert min(crown(each) for each in fitted) >= 5
    assert told["fitted"]
    # Feet stay on one ground, above the picture's lower edge.
    soles = [
        each.nodes[Node.PELVIS, 1] + each.scale * (440 - 250) + FRAME.sole
        for each in (fitted[0], fitted[2])
    ]
    assert soles[0] == pytest.approx(soles[1])
    assert max(soles) <= 480


def test_who_comes_near_is_reduced_throughout():
    fitted, told = fit_in_frame(postures(0, 0, scale=1.45), REST, FRAME, rooted=False)
    assert told["fitted"]["reduced_to"] < 1
    assert {each.scale for each in fitted} == {fitted[0].scale}
    assert min(crown(each) for each in fitted) >= 5


def test_a_portrait_stays_in_place_and_holds_its_head_back():
    raised = REST.copy()
    raised[Node.HEAD, 1] -= 45
    high = Posture(raised, ORDER, np.zeros(2))
    fitted, told = fit_in_frame([*postures(0), high], REST, FRAME, rooted=True)
    assert told["fitted"] == {"head_held_back": True}
    np.testing.assert_array_equal(fitted[0].nodes, REST)
    np.testing.assert_array_equal(fitted[1].nodes[Node.PELVIS], REST[Node.PELVIS])
    assert crown(fitted[1]) > crown(high)


def test_a_head_that_the_picture_cuts_off_may_stay_so():
    cut = CharacterFrame(top=60.0, bottom=480.0, crown=40.0, sole=6.0)
    _, told = fit_in_frame(postures(0), REST, cut, rooted=False)
    assert told == {}


def shaded(moves, index):
    """Luma of a plain ground under somebody, in one of the frames."""
    placed = CharacterPlacement(1.0, 0.0, 0.0)
    shadow = ContactShadow(moves, placed, 120.0, FRAME.sole, 15.0)
    planes = Planes.of_frame(new_frame(320, 480))
    planes.y[:], planes.u[:], planes.v[:] = 150, 120, 135
    shadow.draw(planes, index)
    assert (planes.u == 120).all()
    return planes.y.astype(int)


def test_the_ground_is_darker_under_the_feet_alone():
    seen = shaded(postures(*[0] * 30), 15)
    assert seen[446, 197] < 115
    assert seen[446, 122] < 115
    assert seen[446, 20] == seen[300, 160] == seen[400, 197] == 150
    steps = np.abs(np.diff(seen, axis=1)).max(), np.abs(np.diff(seen, axis=0)).max()
    assert max(steps) <= 14  # soft


def test_a_lifted_foot_loses_its_shadow():
    lifted = REST.copy()
    lifted[[Node.LEFT_ANKLE, Node.LEFT_TOE], 1] -= 60
    moves = postures(*[0] * 30)
    moves[15] = Posture(lifted, ORDER, np.zeros(2))
    seen = shaded(moves, 15)
    assert seen[446, 122] < 115
    assert seen[446, 210] > 135


def test_who_jumps_leaves_a_fainter_shadow_on_the_ground():
    moves = postures(*[0] * 10, *[40] * 4, *[0] * 10)
    high, low = shaded(moves, 12), shaded(moves, 2)
    assert low[446].min() < high[446].min() < 150
    assert (high[:425] == 150).all()
