"""Subjects are called by their names."""

from __future__ import annotations

import pytest

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.storyboard import Reference, Shot
from kirin.engines.diffusion.prompt import encoder_prompt

CAT, DOG, NOBODY = (
    Reference(name, (Asset.announced(AssetKind.IMAGE),)) for name in ("Cat", "Dog", "")
)


@pytest.mark.parametrize(
    ("prompt", "subjects", "read"),
    [
        ("a lake", (CAT,), "a lake"),
        ("<<<element_1>>> runs", (CAT,), "Cat runs"),
        ("<<<element_3>>> sees <<<element_1>>>", (CAT, DOG), "Dog sees Cat"),
        ("<<<element_2>>> and <<<element_2>>>", (DOG,), "Dog and Dog"),
        ("<<<element_1>>> runs", (NOBODY,), "the subject runs"),
        ("<<<element_1>>> runs", (CAT, DOG), "the subject runs"),
    ],
)
def test_a_call_becomes_a_name(prompt: str, subjects: tuple[Reference, ...], read: str) -> None:
    assert encoder_prompt(Shot(prompt, 1, references=subjects)) == read
