"""The facts of concepts, and their art in action."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kirin.concepts.concept import Extent, Facing, Gait, Habitat, Kind
from kirin.concepts.library import library
from kirin.domain.cast import Action

FACTS = """
dog animal ground walk left whole 0.75
cat animal ground walk left whole 0.5
mouse animal ground walk left whole 0.1
horse animal ground walk left whole 2.4
elephant animal ground walk left whole 5
giraffe animal ground walk left whole 5
rabbit animal ground hop left whole 0.4
kangaroo animal ground hop left whole 1.6
fox animal ground walk front head 0.22
fox-standing animal ground walk left whole 0.9
lion animal ground walk front head 0.6
lion-standing animal ground walk left whole 2.2
panda-standing animal ground walk front whole 1.4
eagle animal air flap left whole 1.6
bird animal air flap left whole 0.18
butterfly animal air flap front whole 0.09
honeybee animal air flap left whole 0.02
fish animal water swim left whole 0.35
shark animal water swim left whole 3.5
whale animal water swim left whole 14
crab animal water crawl front whole 0.25
turtle animal ground walk left whole 0.5
snake animal ground crawl left whole 1.2
dragon animal ground flap left whole 8
t-rex animal ground walk left whole 9
blackbird animal air flap right whole 0.35
man-standing person ground walk front whole 1.75
woman-running person ground walk left whole 1.75
man-running-facing-right person ground walk right whole 1.75
man person ground walk front head 0.3
astronaut person ground walk front bust 0.75
astronaut-standing person ground walk front whole 1.75
girl-standing person ground walk front whole 1.3
robot-standing person ground walk front whole 1.7
woman-dancing person ground walk front whole 1.75
ghost person air glide front whole 1.6
automobile vehicle ground drive left whole 4.4
oncoming-automobile vehicle ground drive front whole 1.8
racing-car vehicle ground drive left whole 5.2
bus vehicle ground drive left whole 11
bicycle vehicle ground drive left whole 1.75
airplane vehicle air glide right whole 40
rocket vehicle air glide right whole 50
helicopter vehicle air glide left whole 12
sailboat vehicle water sail left whole 9
canoe vehicle water sail left whole 4.5
red-apple food table roll front whole 0.09
pizza food table still front whole 0.22
hot-beverage food table still front whole 0.12
birthday-cake food table still front whole 0.3
deciduous-tree plant ground still front whole 9
rose plant ground still front whole 0.5
castle building ground still front whole 40
house building ground still front whole 10
ferris-wheel building ground still front whole 60
chair object ground still front whole 0.95
umbrella object ground still front whole 1.1
mobile-phone object table still front whole 0.15
soccer-ball object ground roll front whole 0.22
framed-picture object wall still front whole 0.8
balloon object air glide front whole 0.8
sun sky air still front whole 1500
cloud sky air glide front whole 400
"""


def test_there_are_at_least_1500() -> None:
    assert len(library()) >= 1500
    assert len({concept.id for concept in library()}) == len(library())


@pytest.mark.parametrize("line", FACTS.split("\n")[1:-1])
def test_facts_of_well_known_things(line: str) -> None:
    name, kind, habitat, gait, facing, extent, size = line.split()
    concept = library().get(name)
    assert concept.kind is Kind(kind)
    assert concept.habitat is Habitat(habitat)
    assert concept.gait is Gait(gait)
    assert concept.facing is Facing(facing)
    assert concept.extent is Extent(extent)
    assert concept.size == float(size)


def test_every_concept_is_complete() -> None:
    for concept in library():
        left, top, right, bottom = concept.box
        assert 0 <= left < right <= 1, concept.id
        assert 0 <= top < bottom <= 1, concept.id
        assert 0.005 <= concept.size <= 5000, concept.id
        assert concept.english, concept.id
        assert concept.chinese, concept.id


def test_symbols_stand_still() -> None:
    assert all(each.gait is Gait.STILL for each in library() if each.kind is Kind.SYMBOL)


@pytest.mark.parametrize(
    ("concept", "action", "drawn"),
    [
        ("woman-standing", Action.RUN, "woman-running"),
        ("man-standing", Action.DANCE, "man-dancing"),
        ("person-standing", Action.SWIM, "person-swimming"),
        ("girl-standing", Action.DANCE, "woman-dancing"),
        ("man-standing", Action.COOK, "man-cook"),
        ("woman-standing", Action.PAINT, "woman-artist"),
        ("old-man-standing", Action.WALK, "man-walking"),
        ("person-standing", Action.SLEEP, "person-in-bed"),
        ("woman-standing", "surf", "woman-surfing"),
        ("man-standing", "meditate", "man-in-lotus-position"),
        ("dog", Action.RUN, None),
        ("man-standing", Action.MELT, None),
    ],
)
def test_art_in_action(concept: str, action: str, drawn: str | None) -> None:
    assert library().variant(concept, action) == drawn


def test_every_variant_is_a_concept() -> None:
    everyone = [each.id for each in library() if each.kind is Kind.PERSON]
    drawn = {library().variant(one, action) for one in everyone for action in Action}
    assert {each for each in drawn if each and each not in library()} == set()


def test_words_are_loaded_when_one_is_looked_up() -> None:
    code = """
from kirin.concepts import words
from kirin.concepts.library import library
library().get("dog")
assert not words.english.cache_info().currsize
library().find("dog")
assert words.english.cache_info().currsize
assert not words.chinese.cache_info().currsize
"""
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603
