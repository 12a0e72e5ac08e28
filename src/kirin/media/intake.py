"""Intake: pictures and videos from requests and addresses, checked, with their facts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.limits import ImageLimits, VideoLimits
from kirin.media import base64
from kirin.media.fetch import FetchLimits, fetch
from kirin.media.guard import Guard
from kirin.media.images import ImageFacts, measure
from kirin.media.probing import measure_apart
from kirin.media.refusal import MediaRefused
from kirin.media.sniff import UNKNOWN, media_type
from kirin.media.videos import VideoMeasure, check, probe

ANY_PICTURE: Final = ImageLimits(min_side=1, max_aspect=None)
"""What a picture must keep before anybody knows what it is for."""

ANY_VIDEO: Final = VideoLimits(min_side=1, min_seconds=0)
"""The same of a video."""


class Intake:
    """Takes media in, by the rules of the guard and of each parameter's limits."""

    def __init__(self, guard: Guard, fetch_seconds: float) -> None:
        """Set up.

        Args:
            guard: says which addresses may be reached.
            fetch_seconds: longest time that one download may take.
        """
        self._guard = guard
        self._fetch_seconds = fetch_seconds

    def check_url(self, url: str) -> None:
        """Check all that can be known about a URL without any network.

        Raises:
            MediaRefused: it may not be fetched or called.
        """
        self._guard.check_url(url)

    def inline(self, text: str, limits: ImageLimits) -> tuple[Asset, bytes]:
        """Take a picture that came as base64.

        Returns:
            Its facts, and its bytes.

        Raises:
            MediaRefused: it is no such picture, or breaks a limit.
        """
        data = base64.decode(text, limits.max_bytes)
        return _picture(measure(data, limits), hashlib.sha256(data).hexdigest()), data

    def made(self, path: Path) -> Asset:
        """The facts of a picture that was made here."""
        data = path.read_bytes()
        limits = ImageLimits(max_bytes=len(data), min_side=1, max_aspect=None)
        return _picture(measure(data, limits), hashlib.sha256(data).hexdigest())

    def uploaded(self, path: Path) -> Asset:
        """The facts of a file that somebody sent, picture or video, whatever it will be for.

        Raises:
            MediaRefused: it is neither, or too large for anything.
        """
        kind = media_type(path)
        digest = _digest(path)
        if kind.startswith("image/"):
            return _picture(measure(path, ANY_PICTURE), digest)
        if kind == UNKNOWN:
            raise MediaRefused(
                "not_media", "This is no JPEG, PNG, MP4 or MOV, whatever its name says."
            )
        return _video(measure_apart(path, ANY_VIDEO), digest)

    def kept(
        self, path: Path, limits: ImageLimits | VideoLimits, known: Asset | None = None
    ) -> Asset:
        """The facts of a file that is in storage, held against the limits of its parameter.

        Args:
            path: the file.
            limits: what it must keep, and with that which of the two it is.
            known: what was measured when it came.

        Raises:
            MediaRefused: it is no such picture or video, or breaks a limit.
        """
        if isinstance(limits, ImageLimits):
            return _picture(measure(path, limits), _digest(path))
        if known is None or known.kind is not AssetKind.VIDEO:
            known = _video(measure_apart(path, limits), _digest(path))
        check(_measured(known), limits)
        return known

    def fetch_any(self, url: str, into: Path, cancelled: Callable[[], bool]) -> Asset:
        """As :meth:`fetch`, of a picture or video whatever it will be for."""
        allowed = FetchLimits(max_bytes=ANY_VIDEO.max_bytes, total_seconds=self._fetch_seconds)
        fetch(url, into, allowed, self._guard, cancelled)
        return self.uploaded(into)

    def fetch(
        self,
        url: str,
        into: Path,
        limits: ImageLimits | VideoLimits,
        cancelled: Callable[[], bool],
    ) -> Asset:
        """Take a picture or a video from its address into a file.

        Args:
            limits: what it must keep, and with that which of the two it is.

        Raises:
            FetchFailed: it could not be had.
            MediaRefused: it is no such picture or video, or breaks a limit.
            Stopped: ``cancelled`` said so.
        """
        allowed = FetchLimits(max_bytes=limits.max_bytes, total_seconds=self._fetch_seconds)
        fetch(url, into, allowed, self._guard, cancelled)
        if isinstance(limits, VideoLimits):
            return _video(probe(into, limits), _digest(into))
        return _picture(measure(into, limits), _digest(into))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _picture(facts: ImageFacts, sha256: str) -> Asset:
    return Asset(sha256, AssetKind.IMAGE, facts.mime, facts.size, facts.width, facts.height)


def _measured(video: Asset) -> VideoMeasure:
    """What :func:`_video` was made from."""
    if video.seconds is None or video.fps is None:
        raise ValueError(f"{video.sha256} is no video")
    return VideoMeasure(
        mime=video.mime,
        size=video.size,
        width=video.width,
        height=video.height,
        seconds=video.seconds,
        fps=video.fps,
        has_audio=video.has_audio,
    )


def _video(facts: VideoMeasure, sha256: str) -> Asset:
    return Asset(
        sha256=sha256,
        kind=AssetKind.VIDEO,
        mime=facts.mime,
        size=facts.size,
        width=facts.width,
        height=facts.height,
        seconds=facts.seconds,
        fps=facts.fps,
        has_audio=facts.has_audio,
    )
