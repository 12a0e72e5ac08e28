"""The suites of prompts for given pictures, and what reading one gets wrong."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from kirin.domain.motion import AirRequest, MatterRequest, PictureMotion
from kirin.prompt.reader import read_intent

PROMPTS = Path(__file__).parents[1] / "prompts"


@dataclass(frozen=True)
class MotionRecord:
    """One prompt, and what a human says that it asks of a picture."""

    text: str
    asks: tuple[str, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class MotionVerdict:
    """What a reading of one prompt leaves out, and what it makes up."""

    record: MotionRecord
    lost: tuple[str, ...]
    stray: tuple[str, ...]
    untold: tuple[str, ...]
    silent: tuple[str, ...]
    motion: PictureMotion


def load_motion_suite(name: str) -> list[MotionRecord]:
    """A file of tests/prompts."""
    with (PROMPTS / name).open("rb") as file:
        prompts = tomllib.load(file)["prompts"]
    return [
        MotionRecord(each["text"], tuple(each["asks"]), tuple(each.get("missing", ())))
        for each in prompts
    ]


def judge_motion(record: MotionRecord) -> MotionVerdict:
    """Compare what is read with what is asked."""
    motion = read_intent(record.text, drawn=False).motion
    got = asks(motion)
    lost = []
    for wanted in record.asks:
        match = next((each for each in got if _fits(wanted, each)), None)
        if match is None:
            lost.append(wanted)
        else:
            got.remove(match)
    told = [f"{each.kind} {each.word}" for each in motion.missing]
    untold = [each for each in record.missing if not any(each in other for other in told)]
    words = " ".join([*told, *got]).split()
    silent = [each for each in lost if not set(each.split()) & set(words)]
    extra = [each for each in told if not record.missing]
    return MotionVerdict(
        record, tuple(lost), (*got, *extra), tuple(untold), (*silent, *untold), motion
    )


def asks(motion: PictureMotion) -> list[str]:
    """What is read, as the suites write it."""
    found = [
        *(_matter(each) for each in motion.matter),
        *(_air(each) for each in motion.air),
        *(f"light {each.becomes}" for each in motion.light),
        *(f"body {each.motion}" for each in motion.body),
    ]
    return [*found, f"focus {motion.focus}"] if motion.focus else found


def _matter(request: MatterRequest) -> str:
    way = f" {request.heading}" if request.heading else ""
    return f"{request.substance} {request.motion}{way}"


def _air(request: AirRequest) -> str:
    way = f" {request.heading}" if request.heading else ""
    source = f" {request.source}" if request.source else ""
    return f"air {request.particle}{way}{source}"


def _fits(wanted: str, got: str) -> bool:
    """Whether one is the other; a source that nobody asked about may be there."""
    return got == wanted or (wanted.startswith("air") and got.startswith(wanted + " "))
