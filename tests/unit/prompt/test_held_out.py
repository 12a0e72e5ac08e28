"""Faults that prompts nobody had tuned the reader for have shown, each as a kind."""

from __future__ import annotations

import pytest

from kirin.domain.cast import Action, CastMember, Style
from kirin.domain.intent import Move, Place
from kirin.prompt.reader import read_intent


def first(prompt: str) -> CastMember:
    return read_intent(prompt, seed=1).cast.members[0]


def member(prompt: str, concept: str) -> CastMember:
    members = read_intent(prompt, seed=1).cast.members
    return next(each for each in members if each.concept == concept)


def missing(prompt: str) -> set[str]:
    return {each.word for each in read_intent(prompt, seed=1).cast.missing}


@pytest.mark.parametrize(
    ("prompt", "concept", "colour"),
    [
        ("a woman with a red umbrella", "umbrella", "red"),
        ("a woman with a green umbrella", "umbrella", "green"),
        ("a red car on a road", "automobile", "red"),
        ("a white wolf in the snow", "wolf-standing", "white"),
        ("a black cat on a wall", "black-cat", None),
        ("a red apple on a table", "red-apple", None),
        ("a lemon tree in a garden", "deciduous-tree", None),
        ("a glass of white wine", "wine-glass", None),
    ],
)
def test_the_colour_in_a_name_of_a_thing_is_its_colour(
    prompt: str, concept: str, colour: str | None
) -> None:
    assert member(prompt, concept).colour == colour


@pytest.mark.parametrize(
    ("prompt", "concept", "action"),
    [
        ("a drone shot following alongside a red train", "train", None),
        ("a train in the mountains, drone shot following alongside", "train", None),
        ("drone shot following a train as it crosses a bridge", "train", Action.DRIVE),
        ("the camera tracks alongside a car, following it", "automobile", None),
        (
            "a suv drives on a road, drone shot from above, following it",
            "sport-utility-vehicle",
            Action.DRIVE,
        ),
        ("一辆越野车在沙漠中飞驰，航拍跟随", "sport-utility-vehicle", Action.DRIVE),
        ("跟随镜头，一辆红色的汽车行驶在公路上", "automobile", Action.DRIVE),
        ("跟拍一只狐狸在雪地奔跑", "fox-standing", Action.RUN),
        ("一只狗跟随主人", "dog", Action.CHASE),
        ("a dog follows a man", "dog", Action.CHASE),
    ],
)
def test_what_the_camera_follows_chases_nobody(
    prompt: str, concept: str, action: Action | None
) -> None:
    assert member(prompt, concept).action is action


@pytest.mark.parametrize(
    ("prompt", "action"),
    [
        ("a cat asleep on the armchair", Action.SLEEP),
        ("a cat is asleep", Action.SLEEP),
        ("the house is ablaze", Action.BURN),
        ("a panda munches bamboo", Action.EAT),
        ("the perfume bottle slowly rotates on a marble table", Action.SPIN),
        ("a car quickly drives past", Action.DRIVE),
        ("the staff of the restaurant pour tea", Action.POUR),
        ("the dogs in the park run", Action.RUN),
        ("the team celebrates", Action.DANCE),
        ("a dog takes a bath", Action.SHAKE),
        ("a butterfly lands on a flower", Action.FLY),
        ("香水瓶缓慢旋转", Action.SPIN),
        ("一家人吃年夜饭，窗外烟花绽放", Action.EAT),
    ],
)
def test_who_a_text_begins_with_does_what_it_says(prompt: str, action: Action) -> None:
    assert first(prompt).action is action


def test_things_turn_and_not_the_camera() -> None:
    for prompt in ("the bottle slowly rotates on a table", "香水瓶缓慢旋转"):
        moves = {step.move for step in read_intent(prompt, seed=1).camera.steps}
        assert not moves & {Move.ROLL_CLOCKWISE, Move.ROLL_COUNTER}
    turning = read_intent("镜头旋转，一只猫", seed=1)
    assert turning.camera.steps[0].move is Move.ROLL_CLOCKWISE
    assert turning.cast.members[0].action is None


def test_fireworks_outside_leave_the_dinner_to_the_family() -> None:
    cast = read_intent("一家人吃年夜饭，窗外烟花绽放", seed=1).cast
    eating = [each for each in cast.members if each.action is Action.EAT]
    assert len(eating) == 3
    assert cast.members[-1].concept == "fireworks"
    assert cast.members[-1].action is Action.EXPLODE


@pytest.mark.parametrize(
    ("prompt", "concept"),
    [
        ("a yellow raincoat on a chair", "coat"),
        ("a tuk-tuk drives through the town", "auto-rickshaw"),
        ("a kitchen knife on a board", "kitchen-knife"),
        ("a ball flies into the goal net", "goal-net"),
        ("a steak lifted from the pan", "cooking"),
        ("a wizard holds a staff", "magic-wand"),
        ("a girl eats dinner", "fork-and-knife-with-plate"),
    ],
)
def test_words_that_have_art_are_drawn(prompt: str, concept: str) -> None:
    assert member(prompt, concept)
    assert not missing(prompt) - {"board"}


@pytest.mark.parametrize(
    ("prompt", "place"),
    [
        ("a geisha walks in Kyoto", Place.CITY),
        ("a tuk-tuk on a street in Bangkok", Place.STREET),
        ("hot air balloons over Cappadocia", Place.MOUNTAINS),
        ("two astronauts float in a spaceship cabin", Place.SPACESHIP),
        ("a family eats dinner in a restaurant", Place.RESTAURANT),
        ("a baby plays in the bedroom", Place.BEDROOM),
        ("a dog takes a bath", Place.BATHROOM),
        ("一只猫坐在窗台上", Place.LIVING_ROOM),
    ],
)
def test_shots_play_where_they_are_said_to(prompt: str, place: Place) -> None:
    intent = read_intent(prompt, seed=1)
    assert intent.scene.place is place
    assert intent.cast.members
    assert {each.word for each in intent.cast.missing} <= {"kyoto", "bangkok"}


@pytest.mark.parametrize("prompt", ["cyberpunk city street in the rain", "赛博朋克城市，雨夜"])
def test_cyberpunk_is_a_look_and_nobody(prompt: str) -> None:
    cast = read_intent(prompt, seed=1).cast
    assert Style.NEON in cast.styles
    assert not cast.members
    assert not cast.missing


@pytest.mark.parametrize("prompt", ["a food commercial of a burger", "治愈的画面，一只小猫在睡觉"])
def test_what_a_film_is_for_is_not_missing(prompt: str) -> None:
    assert not missing(prompt)


@pytest.mark.parametrize(
    ("prompt", "least"),
    [
        ("children with backpacks walk to school", 2),
        ("a crowd watches a concert", 6),
        ("the audience claps in a theatre", 6),
        ("the staff of the hotel wave", 2),
        ("a crew of astronauts", 2),
        ("观众欢呼", 6),
    ],
)
def test_several_people_are_several(prompt: str, least: int) -> None:
    assert first(prompt).count >= least


def test_a_family_of_four_is_a_family() -> None:
    members = read_intent("a family of four at a picnic", seed=1).cast.members
    assert {each.word for each in members} == {"family"}


@pytest.mark.parametrize(
    ("prompt", "verb"),
    [
        ("an old fisherman mends his net", "mends"),
        ("a man pats the dog", "pats"),
        ("a chef flips a pancake", "flips"),
        ("firefighters spray water on a burning house", "spray"),
    ],
)
def test_a_verb_in_no_list_is_told(prompt: str, verb: str) -> None:
    assert verb in missing(prompt)
