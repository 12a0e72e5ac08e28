"""Portraits: thumbnail, cutout and joints of a subject, from its pictures or its video.

The vision modules are imported when a portrait is made: the API process needs none of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from kirin.domain.callbacks import Cancelled, ReadAsset
from kirin.domain.subject import SubjectDraft
from kirin.errors import InputsRefused, Stopped
from kirin.vision.models import VisionModels

if TYPE_CHECKING:
    from kirin.vision.matting.cutout import Cutout
    from kirin.vision.matting.segmenter import SubjectMask
    from kirin.vision.planes import Rgb

LOADED = 2560
"""Longest side in pixels at which a view is analysed."""

THUMBNAIL = 320
"""Sides of a thumbnail in pixels: two fill the width of a phone at a pixel ratio of 2."""

_CUTOUT = 1600  # longest side of a cutout, in pixels
_CANDIDATES = 4  # frames in each third of a video, of which the best becomes a view
_AROUND = 0.12  # margin of a thumbnail, as a share of the subject's longer side


@dataclass(frozen=True, slots=True)
class PortraitFiles:
    """A portrait as files in a folder.

    Attributes:
        views: frames of the subject's video, the most telling first; empty for subjects that
            are made from pictures.
        thumbnail: JPEG.
        cutout: PNG with alpha, or ``None``.
        joints: see ``Portrait``.
    """

    views: tuple[Path, ...]
    thumbnail: Path
    cutout: Path | None
    joints: tuple[tuple[float, float, float], ...]


class PortraitMaker:
    """Makes portraits of subjects. Its networks are loaded for the first one."""

    def __init__(self) -> None:
        self._models = VisionModels()

    def make(
        self, draft: SubjectDraft, read: ReadAsset, folder: Path, cancelled: Cancelled
    ) -> PortraitFiles:
        """Make the portrait of a subject.

        Args:
            draft: the subject.
            read: finds the files of its pictures and its video.
            folder: that the portrait's files are written to.
            cancelled: asked between the steps.

        Raises:
            InputsRefused: the video has no frames.
            Stopped: the task was cancelled.
        """
        import cv2
        import numpy as np

        from kirin.media.images import load_rgb
        from kirin.vision.matting.cutout import cut_out, find_subject

        def check() -> None:
            if cancelled():
                raise Stopped

        cv2.setNumThreads(1)
        segmenter, estimator = self._models.segmenter, self._models.pose_estimator
        check()
        views: list[Path] = []
        if draft.video:
            for number, picture in enumerate(self._best_frames(read(draft.video), draft, check)):
                views.append(folder / f"view-{number}.png")
                Image.fromarray(picture).save(views[-1])
        shown = draft.video or draft.views[0]
        rgb = load_rgb(views[0] if draft.video else read(shown), LOADED)
        check()
        part, mask = find_subject(rgb, segmenter)
        cutout = cut_out(part, mask, _CUTOUT)
        check()
        person = estimator.find_person(rgb)
        joints: tuple[tuple[float, float, float], ...] = ()
        if person:
            scale = shown.width / rgb.shape[1]
            rows = np.column_stack([person.points * scale, person.visibility]).round(3)
            joints = tuple((float(x), float(y), float(seen)) for x, y, seen in rows)
        return PortraitFiles(
            tuple(views),
            _thumbnail(part, mask, folder / "thumbnail.jpg"),
            _saved(cutout, folder / "cutout.png") if cutout else None,
            joints,
        )

    def _best_frames(
        self, video: Path, draft: SubjectDraft, check: Callable[[], None]
    ) -> list[Rgb]:
        """The sharpest frame of each third of a video, those that show the subject best first."""
        import numpy as np

        from kirin.media.decode import facts, frames_at

        last = facts(video).last
        wanted = np.linspace(0, last, 3 * _CANDIDATES).tolist()
        best: dict[int, tuple[float, Rgb]] = {}
        shown: Rgb | None = None
        for time, (_, picture) in zip(wanted, frames_at(video, wanted), strict=False):
            check()
            if picture is shown:
                continue
            shown = picture
            third = min(int(3 * time / last), 2) if last else 0
            sharp = _sharpness(picture)
            if third not in best or sharp > best[third][0]:
                best[third] = sharp, picture
        if not best:
            raise InputsRefused(f"the video of {draft.name!r} has no frames")
        return [picture for _, picture in sorted(best.values(), key=self._quality, reverse=True)]

    def _quality(self, found: tuple[float, Rgb]) -> float:
        """How well a frame shows the subject: sharp, large, and distinct from its background."""
        sharp, picture = found
        mask = self._models.segmenter.find(picture)
        share = max(mask.share, 0.02)
        return float(sharp * (1.0 if mask.separable else 0.3) * share**0.5)


def _sharpness(picture: Rgb) -> float:
    """Standard deviation of the Laplacian at 512 pixels (Pech-Pacheco et al. 2000)."""
    import cv2

    scale = 512 / max(picture.shape[:2])
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return float(cv2.Laplacian(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), cv2.CV_64F).std())


def _saved(cutout: Cutout, path: Path) -> Path:
    with Image.fromarray(cutout.rgb) as picture, Image.fromarray(cutout.alpha) as alpha:
        picture.putalpha(alpha)
        picture.save(path)
    return path


def _thumbnail(rgb: Rgb, mask: SubjectMask, path: Path) -> Path:
    """A square around the subject, limited to the picture."""
    height, width = rgb.shape[:2]
    left, top, right, bottom = mask.box
    side = max((right - left) * width, (bottom - top) * height) * (1 + 2 * _AROUND)
    side = min(side, width, height)
    x = min(max((left + right) / 2 * width - side / 2, 0), width - side)
    y = min(max((top + bottom) / 2 * height - side / 2, 0), height - side)
    with Image.fromarray(rgb) as picture:
        square = picture.resize(
            (THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS, box=(x, y, x + side, y + side)
        )
        square.save(path, quality=88)
    return path
