"""Intake: pictures and videos from requests and addresses, checked, with their facts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.limits import ImageLimits, VideoLimits
from kirin.media import base64
from kirin.media.fetch import FetchLimits, fetch
from kirin.media.guard import Guard
from kirin.media.images import ImageFacts, measure
from kirin.media.videos import VideoMeasure, probe


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
        with into.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if isinstance(limits, VideoLimits):
            return _video(probe(into, limits), digest)
        return _picture(measure(into, limits), digest)


def _picture(facts: ImageFacts, sha256: str) -> Asset:
    return Asset(sha256, AssetKind.IMAGE, facts.mime, facts.size, facts.width, facts.height)


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
