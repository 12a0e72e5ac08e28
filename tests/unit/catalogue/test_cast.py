"""Who appears in which shot of a storyboard."""

from __future__ import annotations

import pytest

from kirin.catalogue.families.subjects import cast
from kirin.domain.storyboard import Reference

ADA, REX, MAO = Reference("Ada", ()), Reference("Rex the dog", ()), Reference("小猫", ())


@pytest.mark.parametrize(
    ("prompts", "expected"),
    [
        (["a room", "a street"], ["Ada Rex", "Ada Rex"]),
        (["<<<element_1>>> smiles", "a street"], ["Ada Rex", "Rex"]),
        (["<<<element_2>>> barks", "ADA runs"], ["Rex", "Ada"]),
        (["rex the DOG and Ada's hat"], ["Ada Rex"]),
        (["we adapt a plan", "Adam"], ["Ada Rex", "Ada Rex"]),
        (["<<<element_3>>>", "<<<element_12>>>"], ["Ada Rex", "Ada Rex"]),
    ],
)
def test_subjects_appear_where_they_are_called(prompts: list[str], expected: list[str]) -> None:
    found = [" ".join(each.name.split()[0] for each in shot) for shot in cast([ADA, REX], prompts)]
    assert found == expected


def test_names_without_spaces_around_them_are_found() -> None:
    assert cast([MAO], ["一只小猫在跑", "街道"]) == [(MAO,), ()]


def test_a_subject_without_a_name_is_called_by_its_number_only() -> None:
    nobody = Reference("", ())
    assert cast([nobody], ["a room", "<<<element_1>>>"]) == [(), (nobody,)]
