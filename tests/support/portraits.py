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


class RememberedPortraits:
    """Whoever shows the same again gets the same portrait again.

    Args:
        folder: where portraits are kept, by the picture or the video that they are of.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, PortraitFiles] = {}

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Until the end of the block, all portraits come from here."""
        usual = PortraitMaker.make

        def make(
            maker: PortraitMaker,
            draft: SubjectDraft,
            read: ReadAsset,
            into: Path,
            cancelled: Cancelled,
        ) -> PortraitFiles:
            shown = (draft.video or draft.views[0]).sha256
            if shown not in self._known:
                place = self._folder / shown
                place.mkdir(exist_ok=True)
                self._known[shown] = usual(maker, draft, read, place, cancelled)
            found = self._known[shown]
            return replace(
                found,
                views=tuple(Path(shutil.copy(view, into)) for view in found.views),
                thumbnail=Path(shutil.copy(found.thumbnail, into)),
                cutout=Path(shutil.copy(found.cutout, into)) if found.cutout else None,
            )

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(PortraitMaker, "make", make)
            yield


# For each module: a fixture of a folder would stay until the end of the session, and other folders'
# tests would get these portraits too.
@pytest.fixture(scope="module", autouse=True)
def portraits_drawn_once(drawn_portraits: RememberedPortraits) -> Iterator[None]:
    """How a portrait is drawn is proved by the tests of ``kirin.subjects``; in folders that import
    this one is drawn once for each picture.
    """
    with drawn_portraits.in_place():
        yield
