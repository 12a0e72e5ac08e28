"""The threat model names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parent
PAGE = TESTS.parent / "docs" / "security" / "threat-model.md"


def test_every_proof_of_the_threat_model_is_a_test() -> None:
    proofs = re.findall(r"`((?:unit|contract|integration)/[\w/.]+)(?:::(\w+))?`", PAGE.read_text())
    assert len(proofs) > 40
    missing = [
        f"{file}::{name}"
        for file, name in proofs
        if not (TESTS / file).exists()
        or (name and f"def {name}(" not in (TESTS / file).read_text())
    ]
    assert missing == []
