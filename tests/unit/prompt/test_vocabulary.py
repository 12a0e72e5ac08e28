"""The vocabulary files: complete, and a mistake in one is named."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files

import pytest

from kirin.prompt.vocabulary import loader
from kirin.prompt.vocabulary.cast import (
    ChangeWords,
    NounWords,
    PlaceWords,
    RelationWords,
    StyleWords,
    SurfaceWords,
    VerbWords,
)
from kirin.prompt.vocabulary.chinese_camera import ChineseCamera, chinese_camera
from kirin.prompt.vocabulary.edits import EditWords
from kirin.prompt.vocabulary.english_camera import EnglishCamera, english_camera
from kirin.prompt.vocabulary.grammar import Grammar, grammar
from kirin.prompt.vocabulary.loader import CHINESE, ENGLISH, Table, VocabularyError, parse
from kirin.prompt.vocabulary.motion import MotionWords
from kirin.prompt.vocabulary.scene import Associations, SceneWords, associations, scene_words
from kirin.prompt.vocabulary.sounds import SoundWords, sound_words

CAST: dict[str, type[Table]] = {
    "nouns": NounWords,
    "verbs": VerbWords,
    "relations": RelationWords,
    "styles": StyleWords,
    "places": PlaceWords,
    "changes": ChangeWords,
    "surfaces": SurfaceWords,
}
MODELS: dict[str, dict[str, type[Table]]] = {
    ENGLISH: {
        "scene": SceneWords,
        "sounds": SoundWords,
        "motion": MotionWords,
        "edits": EditWords,
        "grammar": Grammar,
        "camera": EnglishCamera,
        "associations": Associations,
        **CAST,
    },
    CHINESE: {
        "scene": SceneWords,
        "sounds": SoundWords,
        "motion": MotionWords,
        "edits": EditWords,
        "grammar": Grammar,
        "camera": ChineseCamera,
        **CAST,
    },
}


def text(language: str, topic: str) -> str:
    return files(loader.__package__).joinpath(language, f"{topic}.toml").read_text("utf-8")


@pytest.mark.parametrize("language", MODELS)
def test_every_file_has_a_model(language: str) -> None:
    folder = files(loader.__package__).joinpath(language)
    names = {each.name for each in folder.iterdir()}
    assert names == {f"{topic}.toml" for topic in MODELS[language]}


def test_files_are_loaded_once() -> None:
    assert scene_words(ENGLISH) is scene_words(ENGLISH)
    assert sound_words(CHINESE) is sound_words(CHINESE)
    assert grammar(ENGLISH) is grammar(ENGLISH)
    assert associations(ENGLISH) is associations(ENGLISH)
    assert english_camera() is english_camera()
    assert chinese_camera() is chinese_camera()


def test_languages_name_the_same_kinds() -> None:
    for part in ("terrain", "time", "weather", "season", "extra"):
        english, chinese = (getattr(scene_words(name), part) for name in (ENGLISH, CHINESE))
        assert set(english) == set(chinese)
    assert set(sound_words(ENGLISH).ambience) == set(sound_words(CHINESE).ambience)


@pytest.mark.parametrize(
    ("language", "topic", "old", "new", "problem"),
    [
        (ENGLISH, "scene", "dusk = [", "dusky = [", "time.dusky"),
        (ENGLISH, "scene", "dusk = [", "# ", "time: no entry for dusk"),
        (ENGLISH, "scene", '"gloaming"', '"Gloaming"', "time.dusk.4: 'Gloaming'"),
        (ENGLISH, "scene", '"gloaming"', '"gloam("', "not a regular expression"),
        (ENGLISH, "scene", '"gloaming"', '"(gloam)ing"', "capturing group"),
        (
            ENGLISH,
            "scene",
            '"gloaming"',
            '"dusk"',
            "time.dusk: 'dusk' is listed twice",
        ),
        (ENGLISH, "scene", '"gloaming"', '""', "an empty entry"),
        (ENGLISH, "scene", "[time]", "[time", "at line"),
        (ENGLISH, "camera", 'groups = ["tilt"]', 'groups = ["tlit"]', "verbs.pan.groups"),
        (ENGLISH, "camera", 'bare = "pan_right"', 'bare = "pan"', "verbs.pan.moves.bare"),
        (
            CHINESE,
            "camera",
            '"{lens}", "非常"',
            '"{lense}", "非常"',
            "fillers: '{lense}' names an unknown fragment",
        ),
        (CHINESE, "camera", 'trust = "framing"', 'trust = "frame"', "trust"),
        (CHINESE, "sounds", "strong_after = []", "strong_afters = []", "intensity.strong_after"),
    ],
)
def test_a_mistake_is_named_with_file_and_key(
    language: str, topic: str, old: str, new: str, problem: str
) -> None:
    good = text(language, topic)
    assert old in good
    name = f"vocabulary/{language}/{topic}.toml"
    with pytest.raises(VocabularyError) as caught:
        parse(good.replace(old, new, 1), name, MODELS[language][topic])
    assert all(line.startswith(name) for line in str(caught.value).splitlines())
    assert problem in str(caught.value)


def test_a_word_is_added_by_a_line_of_data() -> None:
    longer = text(ENGLISH, "scene").replace('dusk = ["dusk"', 'dusk = ["eventide", "dusk"')
    assert "eventide" in str(parse(longer, "scene.toml", SceneWords))


def test_the_server_starts_without_the_vocabulary() -> None:
    code = "import sys, kirin.cli, kirin.app; print('kirin.prompt' in sys.modules)"
    done = subprocess.run(  # noqa: S603  our own code
        [sys.executable, "-c", code], capture_output=True, check=True
    )
    assert done.stdout.strip() == b"False"
