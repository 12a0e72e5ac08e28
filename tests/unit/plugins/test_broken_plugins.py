"""Plug-ins that cannot be used are named at start, in a sentence that their author can act on."""

from __future__ import annotations

from pathlib import Path

import pytest

from kirin.catalogue.registry import installed as models
from kirin.composition.checks import plugins
from kirin.composition.engines import open_router
from kirin.composition.startup import startup_problems
from kirin.engines.engine_file import EngineFile
from kirin.engines.upstream.engine import UpstreamEngine
from kirin.errors import KirinError
from kirin.http.dialects.registry import DIALECTS, chosen, installed
from kirin.media.outgoing import Outgoing
from kirin.settings import Settings
from support.plugins import Packages

ENGINE = """
from kirin.engines.scripted import ScriptedEngine
class Grey(ScriptedEngine):
    name = "grey"
def THING(settings):
    return Grey()
"""
CARD = """
from dataclasses import replace
from kirin.catalogue.registry import built_in
THING = replace(next(iter(built_in())), id="grey_t2v")
"""
DIALECT = """
from dataclasses import replace
from kirin.http.dialects.openrouter.dialect import OPENROUTER
from kirin.http.route import Route
ROUTE = Route(method="GET", path="/grey/{id}", id="getGrey", summary="Nothing")
def add_routes(router, spoken):
    pass
THING = replace(
    OPENROUTER,
    name="grey",
    routes=(ROUTE,),
    paths=("/grey",),
    prefixes=("",),
    add_routes=add_routes,
)
"""
PROVIDER = """
from typing import Literal
from kirin.engines.engine_file import KirinProvider, Provider
from kirin.engines.upstream.kirin import KirinDialect
class THING(Provider):
    kind: Literal["grey"]
    word: str
    def dialect(self):
        return KirinDialect(self.word, self.names)
"""

BROKEN = {
    "it is not there": (
        "engines",
        "import nowhere_at_all",
        "cannot be loaded: ModuleNotFoundError: No module named 'nowhere_at_all'",
    ),
    "it ends the process": ("engines", "raise SystemExit(3)", "cannot be loaded: SystemExit: 3"),
    "it is older": (
        "engines",
        f"KIRIN_INTERFACE = 0\n{ENGINE}",
        "written for plug-in interface 0, and kirin",
    ),
    "it is older, and fails by that": (
        "engines",
        "from kirin.engines.base import Gone",
        "has plug-in interface 1, see docs/howto/write-a-plug-in.md",
    ),
    "it is newer": ("engines", f"KIRIN_INTERFACE = 99\n{ENGINE}", "upgrade kirin"),
    "it says no number": (
        "engines",
        "KIRIN_INTERFACE = '1'\nTHING = print",
        "is '1', not a number",
    ),
    "it is no function": ("engines", "THING = 7", "must be a function from the settings"),
    "its function takes nothing": ("engines", "def THING(): pass", "function of one argument"),
    "it is no engine": ("engines", "def THING(settings): pass", "the engine's name is None"),
    "its function fails": (
        "engines",
        "def THING(settings): return 1 / 0",
        "must return an engine, and raised ZeroDivisionError: division by zero",
    ),
    "it has another name": (
        "engines",
        ENGINE.replace('"grey"', '"gray"'),
        "the engine's name is 'gray': it must be that of its entry point, 'grey'",
    ),
    "it has an older method": (
        "engines",
        ENGINE.replace('"grey"', '"grey"\n    def render(self, storyboard): pass'),
        "needs a method render(storyboard, read, progress, cancelled)",
    ),
    "it cannot say what it cannot do": (
        "engines",
        ENGINE.replace('"grey"', '"grey"\n    def unsupported(self, board): return board.gone'),
        "unsupported(storyboard) must not raise, and raised AttributeError",
    ),
    "it says it with a word": (
        "engines",
        ENGINE.replace('"grey"', '"grey"\n    def unsupported(self, board): return ["sound"]'),
        "must return a list of UnsupportedFeature, not ['sound']",
    ),
    "it is no card": ("cards", "THING = {}", "must be a kirin.catalogue.card.Card, not dict"),
    "it has another id": (
        "cards",
        CARD.replace("grey_t2v", "other_t2v"),
        "the card's id is 'other_t2v'",
    ),
    "it has no examples": (
        "cards",
        CARD.replace('id="grey_t2v"', 'id="grey_t2v", examples=()'),
        "examples must have complete parameters",
    ),
    "its plan fails": (
        "cards",
        CARD.replace('id="grey_t2v"', 'id="grey_t2v", plan=lambda *_: 1 / 0'),
        "example 1 cannot be planned: ZeroDivisionError: division by zero",
    ),
    "it has no codes": (
        "cards",
        CARD.replace('id="grey_t2v"', 'id="grey_t2v", codes={}'),
        "codes must have one for each kind of failure; missing: generation, result",
    ),
    "it is no dialect": ("dialects", "THING = 7", "must be a kirin.http.dialects.dialect.Served"),
    "it has no routes": (
        "dialects",
        DIALECT.replace("routes=(ROUTE,)", "routes=()"),
        "routes must list every route",
    ),
    "it has an address of ours": (
        "dialects",
        DIALECT.replace('"/grey/{id}"', '"/model/v1/generation/{word}"')
        .replace('("/grey",)', '("/model/v1",)')
        .replace('"GET"', '"DELETE"')
        .replace("{word}", "task/{word}"),
        "is served by kirin: choose another",
    ),
    "it has an address of another dialect": (
        "dialects",
        DIALECT.replace('"/grey/{id}"', '"/v1/models"').replace('("/grey",)', '("/v1",)'),
        "its address GET /v1/models is served by the dialect openai",
    ),
    "its errors would be native": (
        "dialects",
        DIALECT.replace('paths=("/grey",)', 'paths=("/other",)'),
        "paths must have a pattern for /grey/{}",
    ),
    "it is no provider": (
        "providers",
        "THING = 7",
        "must be a subclass of kirin.engines",
    ),
    "it is of another kind": (
        "providers",
        PROVIDER.replace('Literal["grey"]', 'Literal["gray"]'),
        'must have a field kind: Literal["grey"]',
    ),
    "it speaks nothing": (
        "providers",
        PROVIDER.partition("    def dialect")[0],
        "must have a method dialect()",
    ),
}


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Packages:
    return Packages(tmp_path / "installed", monkeypatch)


def problems(kind: str, folder: Path) -> list[str]:
    """What a server that uses the plug-in says when it starts."""
    told: dict[str, object] = {"data_dir": folder / "data"}
    if kind == "engines":
        told["engines"] = "grey"
    if kind == "providers":
        file = folder / "engines.toml"
        file.write_text('[engines.far]\nkind = "grey"\nurl = "https://far.example"\nword = "x"\n')
        told |= {"engine_file": file, "engines": "far"}
    return startup_problems(Settings(**told))


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_plug_in_is_named_at_start(case: str, tmp_path: Path, packages: Packages) -> None:
    kind, source, expected = BROKEN[case]
    name = "grey_t2v" if kind == "cards" else "grey"
    packages.install("stranger", f"kirin.{kind}", name, source)
    (said,) = problems(kind, tmp_path)
    assert said.startswith(f"plug-in '{name}' of stranger 1.2 (kirin.{kind}: stranger_")
    assert expected in said
    assert said.endswith("or uninstall stranger")
    assert "\n" not in said


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("engines", "animatic", "kirin itself has an engine of this name"),
        ("cards", "kirin_v1_t2v", "kirin itself has a card of this name"),
        ("dialects", "openai", "kirin itself has a dialect of this name"),
        ("dialects", "mcp", "the name is taken, by the Model Context Protocol"),
        ("providers", "fal", "kirin itself has a provider of this name"),
    ],
)
def test_a_taken_name_is_told_whether_the_plug_in_is_used_or_not(
    kind: str, name: str, expected: str, tmp_path: Path, packages: Packages
) -> None:
    packages.install("impostor", f"kirin.{kind}", name, "raise SystemExit('never imported')")
    (said,) = startup_problems(Settings(data_dir=tmp_path / "data"))
    assert expected in said
    assert "impostor 1.2" in said


def test_two_packages_do_not_share_a_name(tmp_path: Path, packages: Packages) -> None:
    packages.install("one", "kirin.engines", "grey", ENGINE)
    packages.install("two", "kirin.engines", "grey", ENGINE)
    (said,) = startup_problems(Settings(data_dir=tmp_path / "data"))
    assert "of two 1.2" in said
    assert "one has an engine of this name too" in said


def test_an_engine_that_nobody_names_is_not_loaded(tmp_path: Path, packages: Packages) -> None:
    """It may bring gigabytes."""
    packages.install("stranger", "kirin.engines", "grey", "raise SystemExit('loaded')")
    assert startup_problems(Settings(data_dir=tmp_path / "data")) == []


def test_plug_ins_of_each_kind_are_used_as_ours_are(tmp_path: Path, packages: Packages) -> None:
    packages.install("engine", "kirin.engines", "grey", ENGINE)
    packages.install("card", "kirin.cards", "grey_t2v", CARD)
    packages.install("dialect", "kirin.dialects", "grey", DIALECT)
    packages.install("provider", "kirin.providers", "grey", PROVIDER)
    router = open_router(Settings(engines="grey,animatic"))
    assert [engine.name for engine in router.engines] == ["grey", "animatic"]
    assert models().get("grey_t2v").id == "grey_t2v"
    assert [each.name for each in installed()] == [*(each.name for each in DIALECTS), "grey"]
    assert [each.name for each in chosen(["grey"])] == ["grey"]
    file = tmp_path / "engines.toml"
    file.write_text('[engines.far]\nkind = "grey"\nurl = "https://far.example"\nword = "x"\n')
    entry = EngineFile.read(file, ["animatic"]).engines["far"]
    assert isinstance(entry.engine("far", (), False, Outgoing()), UpstreamEngine)
    found = plugins(Settings())
    assert found.good
    for told in ("an engine grey (engine 1.2)", "a card grey_t2v (card 1.2)", "a provider grey"):
        assert told in found.detail


def test_a_field_that_a_provider_lacks_is_told(tmp_path: Path, packages: Packages) -> None:
    packages.install("provider", "kirin.providers", "grey", PROVIDER)
    file = tmp_path / "engines.toml"
    file.write_text('[engines.far]\nkind = "grey"\nurl = "https://far.example"\n')
    with pytest.raises(KirinError, match=r"engines\.far\.grey\.word: Field required"):
        EngineFile.read(file, ["animatic"])


def test_the_doctor_loads_all_and_tells_what_is_wrong(packages: Packages) -> None:
    packages.install("stranger", "kirin.engines", "grey", "import nowhere_at_all")
    packages.install("dialect", "kirin.dialects", "grey", DIALECT)
    found = plugins(Settings())
    assert not found.good
    assert "No module named 'nowhere_at_all'" in found.detail
    assert "a dialect grey (dialect 1.2)" in found.remedy


def test_an_error_of_add_routes_is_the_plug_ins(packages: Packages) -> None:
    packages.install("dialect", "kirin.dialects", "grey", DIALECT.replace("    pass", "    1 / 0"))
    (dialect,) = chosen(["grey"])
    with pytest.raises(KirinError, match="add_routes raised ZeroDivisionError"):
        dialect.add_routes(None, None)  # type: ignore[arg-type]
