"""The storyboard: frames add up, and every asset is named."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.money import dollars
from kirin.domain.storyboard import Driving, Orientation, Reference, Shot, Storyboard, Stroke
from kirin.domain.task import Status

RATES = st.sampled_from([Fraction(24), Fraction(30), Fraction(30000, 1001)])


def board(*seconds: float, fps: Fraction = Fraction(24)) -> Storyboard:
    return Storyboard("m", 64, 36, fps, tuple(Shot("", length) for length in seconds))


@given(st.lists(st.floats(0.1, 15), min_size=1, max_size=6), RATES)
def test_the_shots_add_up_to_the_whole(seconds: list[float], fps: Fraction) -> None:
    made = board(*seconds, fps=fps)
    cuts = made.cuts()
    assert len(cuts) == len(seconds)
    assert list(cuts) == sorted(cuts)
    assert cuts[-1] == made.frame_count == round(sum(map(Fraction, seconds)) * fps)
    assert made.seconds == pytest.approx(sum(seconds))


def test_cuts_are_rounded_from_the_running_time() -> None:
    third = 1 / 3
    assert board(third, third, third, fps=Fraction(10)).cuts() == (3, 7, 10)


def test_all_assets_are_named() -> None:
    found = [Asset(str(n), AssetKind.IMAGE, "image/png", 1, 1, 1) for n in range(7)]
    shot = Shot(
        "",
        1,
        first=found[0],
        last=found[1],
        references=(Reference("cat", (found[2], found[3])),),
        strokes=(Stroke(found[4], ()),),
        still=found[5],
    )
    driving = Driving(found[6], Orientation.IMAGE, keep_sound=True)
    whole = Storyboard("m", 2, 2, Fraction(24), (shot, Shot("", 1)), driving=driving)
    assert list(whole.assets()) == found


@pytest.mark.parametrize(
    ("amount", "text"),
    [("0.28", "0.2800"), ("0", "0.0000"), ("0.00005", "0.0001"), ("1234567.1", "1234567.1000")],
)
def test_amounts_on_the_wire(amount: str, text: str) -> None:  # W-6
    assert dollars(Decimal(amount)) == text


def test_two_words_are_the_end() -> None:  # W-4
    assert [status for status in Status if status.final] == [Status.COMPLETED, Status.FAILED]
