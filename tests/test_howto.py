"""The how-to pages show code that works."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from kirin.catalogue.plan import Materials
from kirin.catalogue.registry import Catalogue, built_in
from kirin.catalogue.schema import params_schema
from kirin.catalogue.spec import spec
from kirin.concepts.concept import plain_name
from kirin.domain.cast import Style
from kirin.domain.intent import Place, Speed
from kirin.domain.motion import Particle, Substance
from kirin.domain.storyboard import Storyboard
from kirin.engines.router import Router
from kirin.media.decode import facts
from kirin.media.encode import encode
from kirin.prompt.reader import read_intent

HOWTO = Path(__file__).parent.parent / "docs" / "howto"


def code_of(page: str) -> dict[str, Any]:
    """What the one Python block of a page defines."""
    (block,) = re.findall(r"```python\n(.*?)```", (HOWTO / page).read_text("utf-8"), re.DOTALL)
    defined: dict[str, Any] = {}
    exec(compile(block, page, "exec"), defined)  # noqa: S102  our own page
    return defined


def test_the_model_of_the_page_joins_the_catalogue() -> None:
    card = code_of("add-a-model.md")["CARD"]
    catalogue = Catalogue([*built_in(), card])
    assert catalogue.get("my_model") is card
    assert card.check({"word": "sea"}).problems == []
    assert [p.param for p in card.check({"word": ""}).problems] == ["word"]
    assert spec(card, "http://here")["parameters"][0]["name"] == "word"
    assert params_schema(card)["required"] == ["word"]


def test_the_engine_of_the_page_renders_the_model_of_the_other(tmp_path: Path) -> None:
    card = code_of("add-a-model.md")["CARD"]
    engine = code_of("add-an-engine.md")["GreyEngine"]()
    plan = card.plan(card.check({"word": "sea"}).values, Materials(), 7)
    assert isinstance(plan, Storyboard)
    assert Router([engine]).choose(plan) is engine
    clip = engine.render(plan, lambda _: tmp_path, lambda _: None, lambda: False)
    video = tmp_path / "grey.mp4"
    encode(clip.frames, video, width=clip.width, height=clip.height, fps=clip.fps)
    found = facts(video)
    assert (found.width, found.height, found.frame_count, found.seconds) == (640, 360, 72, 3.0)


def rows(page: str, heading: str) -> list[tuple[str, str]]:
    """The rows of the table of two columns with a heading."""
    text = (HOWTO / page).read_text("utf-8")
    table = text.split(f"| prompt | {heading} |\n| --- | --- |\n")[1].split("\n\n")[0]
    return [tuple(cell.strip() for cell in row.split("|")[1:3]) for row in table.splitlines()]


def test_the_camera_does_what_the_page_says() -> None:
    for prompt, expected in rows("direct-a-shot.md", "camera"):
        steps = read_intent(prompt).camera.steps
        told = [
            step.move.value + ("" if step.speed is Speed.NORMAL else f" {step.speed.value}")
            for step in steps
        ]
        assert ", ".join(told) == expected, prompt


def test_the_scene_is_what_the_page_says() -> None:
    for prompt, expected in rows("direct-a-shot.md", "scene"):
        for seed in range(5):
            scene = read_intent(prompt, seed=seed).scene
            shown = {scene.place, scene.time, scene.weather, scene.season}
            assert set(expected.split()) <= shown, prompt


def test_the_cast_is_what_the_page_says() -> None:
    for prompt, expected in rows("direct-a-shot.md", "cast"):
        told = []
        for member in read_intent(prompt, seed=1).cast.members:
            count = f" x{member.count}" if member.count > 1 else ""
            told.append(f"{plain_name(member.concept)}{count} {member.action or ''}".strip())
        assert ", ".join(told) == expected, prompt


def test_the_motion_is_what_the_page_says() -> None:
    for prompt, expected in rows("direct-a-shot.md", "motion"):
        motion = read_intent(prompt, drawn=False).motion
        told = [f"{each.substance} {each.motion}" for each in motion.matter]
        told += [each.particle.value for each in motion.air]
        told += [each.becomes.value for each in motion.light]
        told += [each.motion.value for each in motion.body]
        told += [f"missing: {each.word}" for each in motion.missing]
        assert ", ".join(told) == expected, prompt


def test_the_page_names_everything_that_can_move() -> None:
    text = (HOWTO / "direct-a-shot.md").read_text("utf-8").casefold()
    spoken = {"cloth": "clothes"}
    for each in (*Substance, *Particle):
        assert spoken.get(each, each.value) in text, each


def test_the_page_names_every_place_and_style() -> None:
    text = (HOWTO / "direct-a-shot.md").read_text("utf-8").casefold()
    spoken = {"race_track": "race track", "planet_surface": "planet's surface", "cafe": "café"}
    for place in Place:
        assert spoken.get(place, place.replace("_", " ")) in text, place
    named = {Style.CEL: "anime", Style.NOIR: "film noir", Style.SHALLOW_FOCUS: "shallow"}
    named |= {Style.TIME_LAPSE: "time-lapse"}
    for style in Style:
        assert named.get(style, style.replace("_", " ")) in text, style
