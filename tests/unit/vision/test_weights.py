"""The weight files are those that their notice describes, and that the script reproduces."""

from __future__ import annotations

import hashlib
import re
import runpy
from pathlib import Path

from kirin.vision.onnx_session import WEIGHTS

SCRIPT = Path(__file__).parents[3] / "scripts" / "fetch_weights.py"


def test_the_notice_names_each_file_with_its_hash() -> None:
    notice = (WEIGHTS / "NOTICE.md").read_text("utf-8")
    named = re.findall(r"## (\S+\.onnx)\n.*?\| SHA-256 \| `(\w+)` \|", notice, re.DOTALL)
    files = sorted(WEIGHTS.glob("*.onnx"))
    assert sorted(named) == [
        (path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files
    ]


def test_the_script_reproduces_exactly_these_files() -> None:
    script = runpy.run_path(str(SCRIPT))
    assert script["SHIPPED"] == WEIGHTS.resolve()
    assert {each.name for each in script["ALL"]} == {path.name for path in WEIGHTS.glob("*.onnx")}
