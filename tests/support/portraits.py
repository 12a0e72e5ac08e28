"""Portraits that are drawn once: to look at a picture takes a second, and many tests show one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from kirin.domain.callbacks import Cancelled, ReadAsset
from kirin.domain.subject import SubjectDraft
from kirin.subjects.portrait import PortraitFiles, PortraitMaker


@contextmanager
def remembered_portraits(folder: Path) -> Iterator[None]:
    """Until the end of the block, whoever shows the same again gets the same portrait again.

    Args:
        folder: where portraits are kept, by the picture or the video that they are of.
    """
    known: dict[str, PortraitFiles] = {}
    usual = PortraitMaker.make

    def make(
        self: PortraitMaker, draft: SubjectDraft, read: ReadAsset, into: Path, cancelled: Cancelled
    ) -> PortraitFiles:
        shown = (draft.video or draft.views[0]).sha256
        if shown not in known:
            place = folder / shown
            place.mkdir(exist_ok=True)
            known[shown] = usual(self, draft, read, place, cancelled)
        found = known[shown]
        return replace(
            found,
            views=tuple(Path(shutil.copy(view, into)) for view in found.views),
            thumbnail=Path(shutil.copy(found.thumbnail, into)),
            cutout=Path(shutil.copy(found.cutout, into)) if found.cutout else None,
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PortraitMaker, "make", make)
        yield
