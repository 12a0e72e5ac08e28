"""Portraits: what a subject looks like, found in its pictures or its video.

What looks at pictures is imported when there is one: the API process needs none of it.
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

if TYPE_CHECKING:
    from kirin.vision.matting.cutout import Cutout
    from kirin.vision.matting.segmenter import Matte, Segmenter
    from kirin.vision.planes import Rgb
    from kirin.vision.pose.estimator import PoseEstimator

LOADED = 2560
"""Longest side in pixels at which a view is looked at."""

THUMBNAIL = 320
"""Sides of a thumbnail in pixels: two of them fill a telephone's width at twice the density."""

_CUTOUT = 1600  # longest side
_LOOKED_AT = 4  # frames in each third of a video, of which the best becomes a view
_AROUND = 0.12  # of the subject's longer side, around it in a thumbnail


@dataclass(frozen=True, slots=True)
class Likeness:
    """What was found, as files in a folder.

    Attributes:
        views: pictures of the subject from its video, the most telling first; none for
            subjects that were made from pictures.
        thumbnail: JPEG.
        cutout: PNG with alpha, or ``None``.
        joints: see ``Portrait``.
    """

    views: tuple[Path, ...]
    thumbnail: Path
    cutout: Path | None
    joints: tuple[tuple[float, float, float], ...]


class Portraitist:
    """Looks at subjects; what it looks with is loaded once, for the first of them."""

    def __init__(self) -> None:
        self._segmenter: Segmenter | None = None
        self._estimator: PoseEstimator | None = None

    def portray(
        self, draft: SubjectDraft, read: ReadAsset, folder: Path, cancelled: Cancelled
    ) -> Likeness:
        """Find out what a subject looks like.

        Args:
            draft: the subject.
            read: finds the bytes of its pictures and its video.
            folder: where the files are written.
            cancelled: asked between the steps.

        Raises:
            InputsRefused: the video shows nothing.
            Stopped: the task was cancelled.
        """
        import cv2
        import numpy as np

        from kirin.media.images import load_rgb
        from kirin.vision.matting.cutout import cut_out, look
        from kirin.vision.matting.segmenter import Segmenter
        from kirin.vision.pose.estimator import PoseEstimator

        def check() -> None:
            if cancelled():
                raise Stopped

        cv2.setNumThreads(1)
        self._segmenter = self._segmenter or Segmenter()
        self._estimator = self._estimator or PoseEstimator()
        check()
        views: list[Path] = []
        if draft.video:
            for number, picture in enumerate(self._telling(read(draft.video), draft, check)):
                views.append(folder / f"view-{number}.png")
                Image.fromarray(picture).save(views[-1])
        shown = draft.video or draft.views[0]
        rgb = load_rgb(views[0] if draft.video else read(shown), LOADED)
        check()
        part, matte = look(rgb, self._segmenter)
        cutout = cut_out(part, matte, _CUTOUT)
        check()
        person = self._estimator.find_person(rgb)
        joints: tuple[tuple[float, float, float], ...] = ()
        if person:
            scale = shown.width / rgb.shape[1]
            rows = np.column_stack([person.points * scale, person.visibility]).round(3)
            joints = tuple((float(x), float(y), float(seen)) for x, y, seen in rows)
        return Likeness(
            tuple(views),
            _thumbnail(part, matte, folder / "thumbnail.jpg"),
            _saved(cutout, folder / "cutout.png") if cutout else None,
            joints,
        )

    def _telling(self, video: Path, draft: SubjectDraft, check: Callable[[], None]) -> list[Rgb]:
        """The sharpest picture of each third of a video, the one that shows most first."""
        import numpy as np

        from kirin.media.decode import facts, frames_at

        last = facts(video).last
        wanted = np.linspace(0, last, 3 * _LOOKED_AT).tolist()
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
            raise InputsRefused(f"the video of {draft.name!r} has no pictures")
        return [picture for _, picture in sorted(best.values(), key=self._tells, reverse=True)]

    def _tells(self, found: tuple[float, Rgb]) -> float:
        """How well a picture shows a subject: sharp, large, and apart from its background."""
        if self._segmenter is None:
            raise RuntimeError("nothing to look with")
        sharp, picture = found
        matte = self._segmenter.find(picture)
        share = max(matte.share, 0.02)
        return float(sharp * (1.0 if matte.separable else 0.3) * share**0.5)


def _sharpness(picture: Rgb) -> float:
    import cv2

    scale = 512 / max(picture.shape[:2])
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return float(cv2.Laplacian(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), cv2.CV_64F).std())


def _saved(cutout: Cutout, path: Path) -> Path:
    with Image.fromarray(cutout.rgb) as picture, Image.fromarray(cutout.alpha) as alpha:
        picture.putalpha(alpha)
        picture.save(path)
    return path


def _thumbnail(rgb: Rgb, matte: Matte, path: Path) -> Path:
    """A square around the subject, as far as the picture goes."""
    height, width = rgb.shape[:2]
    left, top, right, bottom = matte.box
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
