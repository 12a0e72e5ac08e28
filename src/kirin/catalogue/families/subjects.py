"""Subjects of an account's own in a video: the list of them, and who appears in which shot."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kirin.catalogue.plan import Materials
from kirin.catalogue.references import ElementId
from kirin.catalogue.rules import Calls, Distinct
from kirin.catalogue.structures import ListOf, Values
from kirin.domain.storyboard import Reference

ELEMENT_LIST = ListOf(
    name="element_list",
    description="Subjects that appear in the video.",
    max_items=3,
    fields=(
        ElementId(
            name="element_id",
            description="Id of a subject made with kirin_custom_elements.",
            required=True,
            rules=("V3-5",),
            example=829836802793406551,
        ),
    ),
    rules=("V3-5",),
    example=[{"element_id": 829836802793406551}],
)

NAMED_ONCE = Distinct(
    list="element_list",
    field="element_id",
    message="a subject is named once",
    rules=("V3-5",),
)

CALLED = Calls(
    params=("prompt", "multi_prompt[].prompt"),
    list="element_list",
    message="<<<element_1>>> is the first subject of element_list, and so on",
    rules=("V3-5",),
)


def listed(values: Values, materials: Materials) -> list[Reference]:
    """The subjects of a request, in the order in which prompts number them."""
    found = [materials.subjects[entry["element_id"]] for entry in values.get("element_list", ())]
    return [Reference(s.draft.name, s.draft.views, s.draft.video) for s in found]


def cast(subjects: Sequence[Reference], prompts: Sequence[str]) -> list[tuple[Reference, ...]]:
    """Who appears in each shot.

    Those whom no prompt calls, by ``<<<element_1>>>`` or by name, appear in all of them; the
    others where they are called.
    """
    calls = [
        [_calls(prompt, number, subject.name) for prompt in prompts]
        for number, subject in enumerate(subjects, 1)
    ]
    return [
        tuple(
            s for s, called in zip(subjects, calls, strict=True) if called[shot] or not any(called)
        )
        for shot in range(len(prompts))
    ]


def _calls(prompt: str, number: int, name: str) -> bool:
    if f"<<<element_{number}>>>" in prompt:
        return True
    # A name in letters is a word of its own: Ada does not appear where a plan is adapted.
    edge = r"(?<![a-z]){}(?![a-z])" if name.isascii() else "{}"
    found = re.search(edge.format(re.escape(name.casefold())), prompt.casefold())
    return bool(name) and found is not None
