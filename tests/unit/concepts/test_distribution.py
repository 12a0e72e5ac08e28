"""What is shipped says where it is from, and is what the notice says it is."""

from __future__ import annotations

import hashlib
import re
from importlib.resources import files
from pathlib import Path

from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[3]
DATA = files("kirin.concepts") / "data"
SHIPPED = {"art.zip", "chinese.tsv.xz", "concepts.tsv", "english.tsv.xz", "other.txt.xz"}


def test_the_notice_has_the_sum_of_every_file() -> None:
    notice = (DATA / "NOTICE.md").read_text(encoding="utf-8")
    sums = dict(re.findall(r"^\| `([\w.]+)` \| `(\w{64})` \|$", notice, re.MULTILINE))
    assert set(sums) == SHIPPED
    for name, expected in sums.items():
        assert hashlib.sha256((DATA / name).read_bytes()).hexdigest() == expected, name
    assert {each.name for each in DATA.iterdir()} == SHIPPED | {"NOTICE.md", "variants.toml"}


def test_the_notice_has_the_licences() -> None:
    notice = (DATA / "NOTICE.md").read_text(encoding="utf-8")
    for words in ("Microsoft Corporation", "Miles Johnson", "Princeton University", "MIT License"):
        assert words in notice
    assert "src/kirin/concepts/data" in (ROOT / "NOTICE").read_text(encoding="utf-8")


def test_both_distributions_have_them() -> None:
    for builder in (SdistBuilder(str(ROOT)), WheelBuilder(str(ROOT))):
        included = {file.relative_path for file in builder.recurse_included_files()}
        for name in (*SHIPPED, "NOTICE.md", "variants.toml"):
            assert any(path.endswith(f"kirin/concepts/data/{name}") for path in included), name


def test_all_of_it_is_small() -> None:
    assert sum(len(each.read_bytes()) for each in DATA.iterdir()) < 7_000_000
