"""Ingest: pictures, videos and sounds from requests, uploads and URLs, checked and measured."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.limits import ImageLimits, Limits, SoundLimits, VideoLimits
from kirin.media import base64
from kirin.media.egress import EgressPolicy
from kirin.media.fetch import FetchLimits, fetch
from kirin.media.images import ImageFacts, measure
from kirin.media.isolated_probe import measure_in_subprocess, measure_sound_in_subprocess
from kirin.media.refusal import MediaRefused
from kirin.media.sniff import UNKNOWN, media_type
from kirin.media.sound_probe import SoundMeasure, check_sound
from kirin.media.videos import VideoMeasure, check, probe

ANY_PICTURE: Final = ImageLimits(min_side=1, max_aspect=None)
"""Limits of a picture whose purpose is not known yet."""

ANY_VIDEO: Final = VideoLimits(min_side=1, min_seconds=0)
"""Limits of such a video."""

ANY_SOUND: Final = SoundLimits(min_seconds=0)
"""Limits of such a sound."""


class MediaIngest:
    """Measures media and checks it against the egress policy and each parameter's limits."""

    def __init__(self, egress: EgressPolicy, fetch_seconds: float) -> None:
        """Create.

        Args:
            egress: decides which addresses may be reached.
            fetch_seconds: longest time that one download may take.
        """
        self._egress = egress
        self._fetch_seconds = fetch_seconds

    def check_url(self, url: str) -> None:
        """Check everything about a URL that needs no network.

        Raises:
            MediaRefused: it must not be fetched or called.
        """
        self._egress.check_url(url)

    def inline(self, text: str, limits: ImageLimits | SoundLimits) -> tuple[Asset, bytes]:
        """Decode and measure a picture or a sound that was sent as base64.

        Returns:
            Its facts and its bytes.

        Raises:
            MediaRefused: it is no such picture or sound, or breaks a limit.
        """
        data = base64.decode(text, limits.max_bytes)
        if isinstance(limits, SoundLimits):
            with NamedTemporaryFile(prefix="kirin-sound-") as file:
                file.write(data)
                file.flush()
                return self.stored(Path(file.name), limits), data
        return _picture(measure(data, limits), hashlib.sha256(data).hexdigest()), data

    def generated(self, path: Path) -> Asset:
        """The facts of a picture that this server generated."""
        data = path.read_bytes()
        limits = ImageLimits(max_bytes=len(data), min_side=1, max_aspect=None)
        return _picture(measure(data, limits), hashlib.sha256(data).hexdigest())

    def uploaded(self, path: Path) -> Asset:
        """The facts of an uploaded picture, video or sound, whatever it will be used for.

        Raises:
            MediaRefused: it is none of them, or too large for any use.
        """
        kind = media_type(path)
        digest = digest_of(path)
        if kind.startswith("image/"):
            return _picture(measure(path, ANY_PICTURE), digest)
        if kind == UNKNOWN:
            raise MediaRefused(
                "not_media",
                "This is no JPEG, PNG, MP4, MOV, MP3, WAV or M4A, whatever its name says.",
            )
        if kind.startswith("audio/"):
            return _sound(measure_sound_in_subprocess(path, ANY_SOUND), digest)
        return _video(measure_in_subprocess(path, ANY_VIDEO), digest)

    def stored(self, path: Path, limits: Limits, known: Asset | None = None) -> Asset:
        """The facts of a file in storage, checked against the limits of its parameter.

        Args:
            path: the file.
            limits: those of a picture, a video or a sound.
            known: what was measured when it was uploaded.

        Raises:
            MediaRefused: it is no such picture, video or sound, or breaks a limit.
        """
        if isinstance(limits, SoundLimits):
            heard = measure_sound_in_subprocess(path, limits)
            check_sound(heard, limits)
            return _sound(heard, digest_of(path))
        if isinstance(limits, ImageLimits):
            return _picture(measure(path, limits), digest_of(path))
        if known is None or known.kind is not AssetKind.VIDEO:
            known = _video(measure_in_subprocess(path, limits), digest_of(path))
        check(_measured(known), limits)
        return known

    def fetch_any(self, url: str, into: Path, cancelled: Callable[[], bool]) -> Asset:
        """As :meth:`fetch`, for a picture, video or sound whatever it will be used for."""
        allowed = FetchLimits(max_bytes=ANY_VIDEO.max_bytes, total_seconds=self._fetch_seconds)
        fetch(url, into, allowed, self._egress, cancelled)
        return self.uploaded(into)

    def fetch(
        self,
        url: str,
        into: Path,
        limits: Limits,
        cancelled: Callable[[], bool],
    ) -> Asset:
        """Download a picture, a video or a sound into a file, and measure it.

        Args:
            limits: those of a picture, a video or a sound.

        Raises:
            FetchFailed: it could not be downloaded.
            MediaRefused: it is no such picture, video or sound, or breaks a limit.
            Stopped: ``cancelled`` said so.
        """
        allowed = FetchLimits(max_bytes=limits.max_bytes, total_seconds=self._fetch_seconds)
        fetch(url, into, allowed, self._egress, cancelled)
        if isinstance(limits, SoundLimits):
            return self.stored(into, limits)
        if isinstance(limits, VideoLimits):
            return _video(probe(into, limits), digest_of(into))
        return _picture(measure(into, limits), digest_of(into))


def digest_of(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _picture(facts: ImageFacts, sha256: str) -> Asset:
    return Asset(sha256, AssetKind.IMAGE, facts.mime, facts.size, facts.width, facts.height)


def _sound(facts: SoundMeasure, sha256: str) -> Asset:
    return Asset(
        sha256, AssetKind.AUDIO, facts.mime, facts.size, 0, 0, facts.seconds, has_audio=True
    )


def _measured(video: Asset) -> VideoMeasure:
    """The inverse of :func:`_video`."""
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
