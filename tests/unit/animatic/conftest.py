"""Subjects that are cut out once: it takes more than a second, and many tests show one picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from kirin.vision.matting.segmenter import Segmenter, SubjectMask
from kirin.vision.planes import Rgb

Masks = dict[tuple[object, ...], SubjectMask]


@pytest.fixture(scope="session")
def cut_out() -> Masks:
    """The masks found so far, to be cleared by tests that want them found anew."""
    return {}


@pytest.fixture(scope="module", autouse=True)
def _cut_out_once(cut_out: Masks) -> Iterator[None]:
    """How subjects are found is proved by the tests of the vision package, which find them anew."""
    usual = Segmenter.find

    def find(self: Segmenter, rgb: Rgb) -> SubjectMask:
        key = (rgb.shape, rgb.tobytes())
        if key not in cut_out:
            cut_out[key] = usual(self, rgb)
        found = cut_out[key]
        return replace(found, alpha=found.alpha.copy())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Segmenter, "find", find)
        yield
