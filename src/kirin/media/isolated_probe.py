"""Isolated probe: untrusted videos and sounds are opened in a subprocess that is limited.

The API process measures uploads. FFmpeg is a large C library; a file that crashes it or makes it
loop forever takes down the subprocess and nothing else.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from kirin.domain.limits import SoundLimits, VideoLimits
from kirin.media.container import unreadable_video
from kirin.media.refusal import MediaRefused
from kirin.media.sound_probe import SoundMeasure, measure_sound, unreadable_sound
from kirin.media.videos import VideoMeasure, measure

SECONDS: Final = 20
"""Time limit; the packets of a 100 MB file are read in a few tenths of a second."""

MEMORY: Final = 2 * 1024**3
"""Address space limit in bytes: enough for one picture of the largest sides."""


def measure_in_subprocess(path: Path, limits: VideoLimits) -> VideoMeasure:
    """As :func:`kirin.media.videos.measure`, in a subprocess.

    Raises:
        MediaRefused: as there; also where the subprocess crashed or timed out
            (``unreadable_video``).
    """
    answer = _answer(unreadable_video, str(path), str(limits.max_bytes), str(limits.max_side))
    return VideoMeasure(**answer | {"fps": Fraction(answer["fps"])})


def measure_sound_in_subprocess(path: Path, limits: SoundLimits) -> SoundMeasure:
    """As :func:`kirin.media.sound_probe.measure_sound`, in a subprocess.

    Raises:
        MediaRefused: as there; also where the subprocess crashed or timed out
            (``unreadable_sound``).
    """
    return SoundMeasure(**_answer(unreadable_sound, str(path), str(limits.max_bytes)))


def _answer(unreadable: Callable[[str], MediaRefused], *arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", __name__, *arguments]
    try:
        done = subprocess.run(  # noqa: S603  our own interpreter and module
            command, capture_output=True, timeout=SECONDS, check=True
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise unreadable(f"it takes longer than {SECONDS:g} s") from error
    except (subprocess.SubprocessError, ValueError) as error:
        raise unreadable("the reader failed") from error
    if "refused" in answer:
        raise MediaRefused(*answer["refused"])
    return answer


def main(path: str, max_bytes: str, max_side: str | None = None) -> None:
    """Print the facts of a video, or of a sound, or why it is refused, as JSON.

    Args:
        max_side: most pixels of a video's side; ``None`` for a sound.
    """
    for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
        resource.setrlimit(kind, (most, most))
    answer: dict[str, Any]
    try:
        if max_side is None:
            answer = asdict(measure_sound(Path(path), SoundLimits(max_bytes=int(max_bytes))))
        else:
            limits = VideoLimits(max_bytes=int(max_bytes), max_side=int(max_side))
            found = measure(Path(path), limits)
            answer = asdict(found) | {"fps": str(found.fps)}
    except MediaRefused as refusal:
        answer = {"refused": [refusal.code, refusal.message, *refusal.rules]}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
