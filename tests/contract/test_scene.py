"""What a prompt is understood to show: told by the quote, and by the task that made it (W-8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from kirin.app import App
from kirin.domain.storyboard import Storyboard
from kirin.engines.router import Router
from kirin.orchestration import task_runner
from kirin.settings import Settings
from support.api import Api, InProcess
from support.pictures import flat_png, inline

T2V, I2V = "kirin_v1_6_t2v", "kirin_v3_i2v"
PROMPT = "black and white: two dogs chase a red ball in a park, at night, a gamelan plays"


@pytest.fixture(scope="module")
def drawing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """An account on a server with the engine that draws."""
    app = App.open(Settings(data_dir=tmp_path_factory.mktemp("drawing"), engines="animatic"))
    transport = InProcess(app.http())
    yield Api(app, transport)
    transport.end()
    app.close()


def quoted(api: Api, model: str, **params: Any) -> dict[str, Any]:
    answer = api.http.post("/model/v1/quote", json={"model": model, "input": [{"params": params}]})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_quote_tells_the_scene(drawing: Api) -> None:  # W-8
    scene = quoted(drawing, T2V, prompt=PROMPT)["scene"]
    assert (scene["place"], scene["time"], scene["styles"]) == (
        "park",
        "night",
        ["black_and_white"],
    )
    dogs, ball = scene["cast"]
    assert (dogs["word"], dogs["count"], dogs["motion"]) == ("dogs", 2, "chase")
    assert (dogs["concept"], dogs["target"]) == ("dog", "ball")
    assert ball["colour"] == "red"
    for box in (dogs["first_box"], dogs["last_box"]):
        left, top, right, bottom = box
        assert 0 <= left < right <= 1
        assert 0 <= top < bottom <= 1
    assert {"word": "gamelan", "kind": "noun"} in scene["missing"]


@pytest.fixture
def drawn_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Videos have a sixteenth of their pixels: what is told of a scene does not depend on them."""
    whole = task_runner.render

    def small(router: Router, board: Storyboard, *others: Any) -> Any:
        smaller = replace(board, width=board.width // 4, height=board.height // 4)
        return whole(router, smaller, *others)

    monkeypatch.setattr(task_runner, "render", small)


@pytest.mark.usefixtures("drawn_small")
def test_the_task_tells_what_the_quote_told(drawing: Api) -> None:  # W-8
    told = quoted(drawing, T2V, prompt=PROMPT, duration=5)["scene"]
    done = drawing.run(drawing.make(T2V, prompt=PROMPT, duration=5).id)
    made = done["metadata"]["scene"]
    assert made.keys() == told.keys()
    # Each request has a new seed: the weather that nobody named may differ, and who stands where.
    for name in ("place", "time", "styles", "missing"):
        assert made[name] == told[name]
    for member, expected in zip(made["cast"], told["cast"], strict=True):
        for name in ("word", "concept", "count", "motion", "guessed"):
            assert member[name] == expected[name]


def test_of_several_shots_each_has_its_scene(drawing: Api) -> None:  # W-8
    shots = [
        {"index": 1, "prompt": "a cat jumps off a sofa", "duration": "3"},
        {"index": 2, "prompt": "in space: a rocket flies to the moon", "duration": "3"},
    ]
    directed = {"multi_shot": True, "shot_type": "customize", "multi_prompt": shots, "duration": 6}
    answer = quoted(drawing, I2V, image=inline(640, 360), **directed)
    assert "scene" not in answer
    first, second = (shot["scene"] for shot in answer["shots"])
    assert first["kind"] == "given pictures"
    assert {"word": "jumps off", "kind": "verb"} in first["missing"]
    assert second["place"] == "space"
    assert second["cast"][0]["concept"] == "rocket"
    assert second["cast"][0]["motion"] == "fly"


def test_over_a_picture_what_the_engine_cannot_do_is_told(drawing: Api) -> None:  # W-8
    picture = inline(640, 360)
    answer = quoted(drawing, "kirin_v1_i2v", image=picture, prompt="the dog runs, VHS, pan left")
    assert answer["scene"]["kind"] == "given pictures"
    assert answer["scene"]["missing"] == [{"word": "runs", "kind": "verb"}]
    assert answer["scene"]["styles"] == ["vhs"]
    assert answer["motion"]["missing"] == [{"word": "runs", "kind": "motion"}]


def test_a_quote_tells_what_moves_in_a_picture(drawing: Api) -> None:  # W-8
    prompt = "the river flows to the left, then it starts to snow, the cat turns its head"
    picture = "https://example.com/picture.jpg"  # it is fetched when the task is made
    motion = quoted(drawing, "kirin_v1_i2v", image=picture, prompt=prompt)["motion"]
    river, snow = motion["understood"]
    assert river == {
        "word": "river", "kind": "matter", "what": "water", "motion": "flow",
        "from": 0.0, "to": 1.0, "heading": "left",
    }  # fmt: skip
    assert (snow["kind"], snow["what"], snow["motion"]) == ("air", "snow", "fall")
    assert 0.3 <= snow["from"] < snow["to"] == 1.0
    assert motion["missing"] == [{"word": "turns its head", "kind": "motion"}]
    assert motion["found"] == "when rendered"


def test_of_a_picture_that_is_here_a_quote_tells_what_it_lacks(drawing: Api) -> None:  # W-8
    picture, prompt = inline(640, 360), "the river flows, it starts to snow, the cat turns its head"
    before = set(drawing.app.storage.keys())
    asked = {"image": picture, "prompt": prompt}
    told = quoted(drawing, "kirin_v1_i2v", **asked)["motion"]
    assert set(drawing.app.storage.keys()) == before  # a quote leaves nothing behind
    assert [each["what"] for each in told["understood"]] == ["snow"]
    assert [each["word"] for each in told["missing"]] == ["turns its head", "river"]
    assert "found" not in told
    made = drawing.run(drawing.make("kirin_v1_i2v", **asked).id)["metadata"]["motion"]
    assert made == told
    upload = drawing.http.post("/model/v1/files", content=flat_png(640, 360)).json()
    told = quoted(drawing, "kirin_v1_i2v", image=upload["url"], prompt=prompt)["motion"]
    assert "found" not in told
    assert [each["word"] for each in told["missing"]] == ["turns its head", "river"]


def test_a_prompt_of_which_nothing_is_understood_is_a_title_card(drawing: Api) -> None:  # W-8
    scene = quoted(drawing, T2V, prompt="zqx vrrtl hmpf")["scene"]
    assert (scene["kind"], scene["title"]) == ("title card", "zqx vrrtl hmpf")
    assert scene["cast"] == []
