"""The engine file: what it makes of TOML, and what it says of mistakes."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.engine_file import EngineFile
from kirin.errors import KirinError
from kirin.media.outgoing import Outgoing

WHOLE = """
[engines.branch]
kind = "kirin"
url = "https://videos.example.com/"
key = "kirin_sk_secret"
models = ["kirin_v1_6_t2v"]

[engines.kling]
kind = "kling"
access_key = "an-access-key"
secret_key = "a-secret-key"
names = { kirin_v1_6_t2v = "kling-v2-master" }

[engines.wan]
kind = "vllm-omni"
urls = ["http://gpu-1:8091", "http://gpu-2:8091"]
takes = ["text", "negative_prompt"]
fps = 16
guidance = [1, 9]

[routes]
kirin_v1_6_t2v = ["wan", { branch = 3, kling = 1 }, "animatic"]
"""

BOARD = Storyboard("kirin_v1_6_t2v", 1280, 720, Fraction(24), (Shot("a lake", 5),))


def read(folder: Path, text: str) -> EngineFile:
    path = folder / "engines.toml"
    path.write_text(text, "utf-8")
    return EngineFile.read(path, ["animatic"])


def mistake(folder: Path, text: str) -> str:
    with pytest.raises(KirinError) as caught:
        read(folder, text)
    return str(caught.value)


def test_a_whole_file(tmp_path: Path) -> None:
    file = read(tmp_path, WHOLE)
    engines = {
        name: file.engines[name].engine(name, (), False, Outgoing()) for name in file.engines
    }
    assert [engine.name for engine in engines.values()] == ["branch", "kling", "wan"]
    for engine in engines.values():
        assert engine.unsupported(BOARD) == []
    assert file.route_table == {
        "kirin_v1_6_t2v": [{"wan": 1.0}, {"branch": 3.0, "kling": 1.0}, {"animatic": 1.0}]
    }


def test_no_secret_is_shown(tmp_path: Path) -> None:
    shown = repr(read(tmp_path, WHOLE))
    for secret in ("kirin_sk_secret", "an-access-key", "a-secret-key"):
        assert secret in WHOLE
        assert secret not in shown


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('kind = "kirin"', 'kind = "sora"', "engines.branch: Input tag 'sora'"),
        ('key = "kirin_sk_secret"', "", "engines.branch.kirin.key: Field required"),
        ('key = "kirin_sk_secret"', "keys = 1", "engines.branch.kirin.keys: Extra inputs"),
        ("https://videos.example.com/", "videos.example.com", "must be http://HOST"),
        ("https://videos", "https://me:you@videos", "without credentials"),
        ('["kirin_v1_6_t2v"]', '["kirin_v9"]', "unknown model; available: kirin_v"),
        ('["text", "negative_prompt"]', '["colour"]', "engines.wan.vllm-omni.takes"),
        (
            '"animatic"]',
            '"elsewhere"]',
            "routes: unknown engine 'elsewhere'; available: animatic, branch",
        ),
        ("branch = 3", "branch = 0", "greater than 0"),
        ("engines.branch", "engines.animatic", "engines.animatic: the name of a local engine"),
        ("fps = 16", "fps = ", "line 18"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in WHOLE
    message = mistake(tmp_path, WHOLE.replace(old, new))
    assert message.startswith("KIRIN_ENGINE_FILE: ")
    assert words in message


def test_no_secret_stands_in_a_mistake(tmp_path: Path) -> None:
    wrong = WHOLE.replace('key = "kirin_sk_secret"', 'key = ["kirin_sk_secret"]')
    assert "kirin_sk" not in mistake(tmp_path, wrong)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(KirinError, match="No such file"):
        EngineFile.read(tmp_path / "none.toml", [])


@pytest.mark.parametrize("page", ["use-another-provider.md", "use-inference-servers.md"])
def test_the_file_of_the_how_to_page(tmp_path: Path, page: str) -> None:
    howto = Path(__file__).parents[3] / "docs" / "howto"
    (block,) = re.findall(r"```toml\n(.*?)```", (howto / page).read_text("utf-8"), re.DOTALL)
    file = read(tmp_path, block)
    for name, entry in file.engines.items():
        assert entry.engine(name, (), True, Outgoing()).unsupported(BOARD) == []
