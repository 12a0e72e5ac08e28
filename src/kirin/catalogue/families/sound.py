"""Sound tracks that depend on other parameters."""

from __future__ import annotations

from kirin.catalogue.rules import MustBe, OnlyWith

SOUND_IN_PRO = MustBe(
    params=("mode",),
    value="pro",
    other="sound",
    equals="on",
    message="sound on works only with mode pro",
    rules=("V26I-5",),
)

SILENT_WITH_TAIL = OnlyWith(
    params=("image_tail",),
    other="sound",
    equals="off",
    message="image_tail works only with sound off",
    rules=("V26I-2",),
)

WITH_SOUND = {"mode": "pro", "sound": "on"}
"""The part of an example that asks for sound."""
