"""Parameters from storyboards: a card makes the same storyboard of them again."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from kirin.catalogue.card import Card
from kirin.catalogue.plan import Materials
from kirin.catalogue.references import Picture
from kirin.catalogue.registry import built_in
from kirin.domain.assets import Asset, AssetKind
from kirin.domain.lips import LipSync
from kirin.domain.storyboard import Storyboard
from kirin.domain.subject import Subject, SubjectDraft, SubjectKind
from kirin.engines.upstream import params
from kirin.engines.upstream.dialect import UpstreamTask
from kirin.engines.upstream.kling_new import written as new_request
from kirin.http.dialects.kling_new.create_request import NewRequestReader
from kirin.wire import kling_new
from support.render_contexts import FakeAttempt

MODELS = {card.id: card for card in built_in() if card.id in params.MODELS}

EXAMPLES = [
    pytest.param(card, example, id=f"{card.id}-{number}")
    for card in MODELS.values()
    for number, example in enumerate(card.examples)
]

BRUSH = {
    "image": "https://example.com/first.jpg",
    "static_mask": "https://example.com/still.png",
    "dynamic_masks": [
        {
            "mask": "https://example.com/mask.png",
            "trajectories": [{"x": 100, "y": 20}, {"x": 300.5, "y": 700}],
        }
    ],
    "prompt": "Waves",
    "negative_prompt": "people",
    "cfg_scale": 0.8,
}
CAST = {
    "image": "https://example.com/first.jpg",
    "image_tail": "https://example.com/last.jpg",
    "multi_shot": True,
    "shot_type": "customize",
    "multi_prompt": [
        {"index": 1, "prompt": "<<<element_2>>> waits", "duration": "3"},
        {"index": 2, "prompt": "<<<element_1>>> meets <<<element_2>>>", "duration": "4"},
    ],
    "element_list": [{"element_id": 5}, {"element_id": 9}],
    "sound": "on",
    "mode": "pro",
    "duration": "7",
}
MOVES: dict[str, dict[str, Any]] = {
    **{
        f"{axis} {amount}": {"type": "simple", "config": {axis: amount}}
        for axis in ("horizontal", "vertical", "pan", "tilt", "roll", "zoom")
        for amount in (-10, 0.5)
    },
    **{
        preset: {"type": preset}
        for preset in ("down_back", "forward_up", "right_turn_forward", "left_turn_forward")
    },
}
OMNI = {
    "prompt": "<<<image_1>>> and <<<element_1>>> meet at <<<image_2>>>, filmed as <<<video_1>>>",
    "image_list": [
        {"image_url": "https://example.com/cat.jpg"},
        {"image_url": "https://example.com/first.jpg", "type": "first_frame"},
        {"image": "https://example.com/dog.jpg"},
    ],
    "element_list": [{"element_id": 5}],
    "video_list": [
        {
            "video_url": "https://example.com/street.mp4",
            "refer_type": "feature",
            "keep_original_sound": "no",
        }
    ],
    "duration": "7",
    "mode": "pro",
}
FRAMES = {
    "multi_shot": True,
    "shot_type": "customize",
    "multi_prompt": [
        {"index": 1, "prompt": "The house", "duration": "3"},
        {"index": 2, "prompt": "The door", "duration": "4"},
    ],
    "image_list": [
        {"image_url": "https://example.com/first.jpg", "type": "first_frame"},
        {"image_url": "https://example.com/last.jpg", "type": "end_frame"},
    ],
    "negative_prompt": "rain",
    "sound": "on",
    "duration": "7",
}
MORE = [
    pytest.param(MODELS["kirin_v3_omni_video"], OMNI, id="omni"),
    pytest.param(MODELS["kirin_v3_omni_video"], FRAMES, id="omni frames"),
    pytest.param(MODELS["kirin_video_o1"], OMNI, id="o1"),
    pytest.param(MODELS["kirin_v1_i2v"], BRUSH, id="brush"),
    pytest.param(MODELS["kirin_v3_i2v"], CAST, id="cast"),
    pytest.param(MODELS["kirin_v1_5_i2v"], BRUSH | {"mode": "pro"}, id="brush of 1.5"),
    *(
        pytest.param(MODELS["kirin_v1_t2v"], {"prompt": "A lake", "camera_control": control}, id=id)
        for id, control in MOVES.items()
    ),
]


class JobStatus:
    """Media and subjects under the names that a request has for them."""

    def __init__(self, attempt: FakeAttempt) -> None:
        self.attempt = attempt
        self.known: dict[str, Asset] = {}
        self.subjects: dict[int, Subject] = {}

    def plan(self, card: Card, params: Mapping[str, Any]) -> Storyboard:
        """The storyboard of a request, whose media are found by URL or by content."""
        checked = card.check(json.loads(json.dumps(params)))
        assert not checked.problems
        media = {
            place.path: self._asset(place.value, isinstance(place.parameter, Picture))
            for place in card.media(checked.values)
        }
        for place in card.subjects(checked.values):
            self.subjects.setdefault(place.value, self._subject(place.value))
        plan = card.plan(checked.values, Materials(media, self.subjects), 0)
        assert isinstance(plan, Storyboard)
        return plan

    def _subject(self, id: int) -> Subject:
        views = tuple(self._asset(f"view {id}-{number}", True) for number in range(2))
        draft = SubjectDraft(f"Ada {id}", "a woman", SubjectKind.IMAGE, views)
        return Subject(id, "account", draft, 0)

    def _asset(self, source: str, picture: bool) -> Asset:
        if source not in self.known:
            try:
                sha256 = hashlib.sha256(b64decode(source, validate=True)).hexdigest()
            except ValueError:
                sha256 = source.rpartition("/")[2]
            found = next((a for a in self.known.values() if a.sha256 == sha256), None)
            self.known[source] = found or self._made(source, picture)
        return self.known[source]

    def _made(self, source: str, picture: bool) -> Asset:
        if picture:
            return self.attempt.asset(source.encode(), width=1280, height=720)
        announced = Asset.announced(AssetKind.VIDEO)
        sha256 = self.attempt.asset(source.encode()).sha256
        return replace(announced, sha256=sha256, has_audio=True)


@pytest.mark.parametrize(("card", "example"), EXAMPLES + MORE)
def test_a_storyboard_comes_back_as_it_was(
    card: Card, example: Mapping[str, Any], attempt: FakeAttempt
) -> None:
    stage = JobStatus(attempt)
    board = stage.plan(card, example)
    assert params.unsupported(board, can_link=True) == []
    ids = [
        next(e.id for e in stage.subjects.values() if e.draft.views == subject.views)
        for subject in params.subjects(board)
        if params.MODELS[card.id].needs_subject_ids
    ]
    written = params.MODELS[card.id].write(board, attempt.context(), ids)
    again = stage.plan(card, written)
    # The mark is put on here, and the seed is the other side's own.
    assert again == replace(board, watermark=False)


NEW_STANDARD = [
    example
    for example in EXAMPLES + MORE
    if example.values[0].id in kling_new.MODELS
    and not {"negative_prompt", "cfg_scale"} & set(example.values[1])  # it has no words for these
]


@pytest.mark.parametrize(("card", "example"), NEW_STANDARD)
def test_the_new_standard_of_kling_says_the_same(
    card: Card, example: Mapping[str, Any], attempt: FakeAttempt
) -> None:
    """Both halves of it: what is written for such a provider, and what is read by a server."""
    stage = JobStatus(attempt)
    board = stage.plan(card, example)
    ids = [
        next(e.id for e in stage.subjects.values() if e.draft.views == subject.views)
        for subject in params.subjects(board)
    ]
    written = params.MODELS[card.id].write(board, attempt.context(), ids)
    written.pop("cfg_scale", None)  # the model's own
    path, _ = kling_new.MODELS[card.id]
    body = new_request(path, UpstreamTask(card.id, written, "ours"))
    asked, _ = NewRequestReader(path, card)(json.dumps(body).encode())
    assert asked.params["external_task_id"] == "ours"
    assert stage.plan(card, asked.params) == replace(board, watermark=False)


def test_every_model_that_makes_a_video_of_words_or_pictures_can_be_asked_for() -> None:
    kinds = {"text-to-video", "image-to-video"}
    assert {card.id for card in built_in() if card.type in kinds} <= params.MODELS.keys()


def test_a_subject_is_made_from_its_views(attempt: FakeAttempt) -> None:
    stage = JobStatus(attempt)
    board = stage.plan(MODELS["kirin_v3_i2v"], CAST)
    made = params.subject_params(params.subjects(board)[0], 1, attempt.context())
    card = next(card for card in built_in() if card.id == params.SUBJECT_MODEL)
    assert not card.check(made).problems
    assert made["element_name"] == "Ada 5"
    assert b64decode(made["element_image_list"]["frontal_image"]) == b"view 5-0"


def test_a_subject_of_one_picture_is_refused_by_name(attempt: FakeAttempt) -> None:
    stage = JobStatus(attempt)
    board = stage.plan(MODELS["kirin_v3_i2v"], CAST)
    lone = replace(board.shots[0].references[0], views=board.shots[0].references[0].views[:1])
    shots = (replace(board.shots[0], references=(lone,)),)
    (reason,) = params.unsupported(replace(board, shots=shots), can_link=True)
    assert reason.field == "shots.references"
    assert "two images" in reason.message


def test_a_reference_video_needs_an_address_of_ours(attempt: FakeAttempt) -> None:
    card = MODELS["kirin_v3_motion_control"]
    board = JobStatus(attempt).plan(card, card.examples[0])
    (reason,) = params.unsupported(board, can_link=False)
    assert reason.field == "driving"
    assert "KIRIN_PUBLIC_URL" in reason.message


def test_lips_are_refused_by_name(attempt: FakeAttempt) -> None:
    card = MODELS["kirin_v3_motion_control"]
    board = JobStatus(attempt).plan(card, card.examples[0])
    assert board.driving is not None
    speaking = replace(board, lips=LipSync(board.driving.video, ()))
    (reason,) = params.unsupported(speaking, can_link=True)
    assert reason.field == "lips"


def test_a_video_to_edit_needs_an_address_of_ours(attempt: FakeAttempt) -> None:
    card = MODELS["kirin_v3_omni_video"]
    board = JobStatus(attempt).plan(card, OMNI)
    (reason,) = params.unsupported(board, can_link=False)
    assert reason.field == "footage"
    assert "KIRIN_PUBLIC_URL" in reason.message


def test_pictures_of_the_request_are_not_made_subjects(attempt: FakeAttempt) -> None:
    board = JobStatus(attempt).plan(MODELS["kirin_v3_omni_video"], OMNI)
    assert [subject.name for subject in params.subjects(board)] == ["Ada 5"]


def test_a_model_of_no_family_is_refused() -> None:
    board = Storyboard("other", 64, 36, 24, ())  # type: ignore[arg-type]
    assert [reason.field for reason in params.unsupported(board, can_link=True)] == ["model"]
