"""Faces that were found in a video, without looking for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from kirin.domain.callbacks import Cancelled, Progress
from kirin.domain.lips import FaceBox, FaceTrack
from kirin.errors import InputsRefused
from kirin.subjects.faces import FaceFinder
from support.pictures import ramp, saved


def face(id: str, start: float = 0, end: float = 60) -> FaceTrack:
    """A face that stays where it is from one second to another."""
    return FaceTrack(id, tuple(FaceBox(at, 200.0, 100.0, 320.0, 260.0) for at in (start, end)))


@contextmanager
def faces_found(faces: Sequence[FaceTrack]) -> Iterator[None]:
    """Until the end of the block, these faces are found in every video."""

    def find(
        _: FaceFinder, video: Path, folder: Path, progress: Progress, cancelled: Cancelled
    ) -> list[tuple[FaceTrack, Path]]:
        assert video.stat().st_size
        assert not cancelled()
        progress(0.5)
        if not faces:
            raise InputsRefused("no face of a person can be seen in the video")
        found = []
        for each in faces:
            path = folder / f"face-{each.id}.jpg"
            path.write_bytes(saved(ramp(120, 160), "JPEG"))
            found.append((each, path))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FaceFinder, "find", find)
        yield
