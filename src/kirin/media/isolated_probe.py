"""Isolated probe: an untrusted video is opened in a subprocess with limited memory and CPU time.

The API process measures uploads. FFmpeg is a large C library; a file that crashes it or makes it
loop forever takes down the subprocess and nothing else.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Final

from kirin.domain.limits import VideoLimits
from kirin.media.container import unreadable_video
from kirin.media.refusal import MediaRefused
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
    command = [sys.executable, "-m", __name__, str(path), str(limits.max_bytes)]
    try:
        done = subprocess.run(  # noqa: S603  our own interpreter and module
            [*command, str(limits.max_side)], capture_output=True, timeout=SECONDS, check=True
        )
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise unreadable_video(f"it takes longer than {SECONDS:g} s") from error
    except (subprocess.SubprocessError, ValueError) as error:
        raise unreadable_video("the reader failed") from error
    if "refused" in answer:
        raise MediaRefused(*answer["refused"])
    return VideoMeasure(**answer | {"fps": Fraction(answer["fps"])})


def main(path: str, max_bytes: str, max_side: str) -> None:
    """Print the facts of a video, or why it is refused, as JSON."""
    for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
        resource.setrlimit(kind, (most, most))
    limits = VideoLimits(max_bytes=int(max_bytes), max_side=int(max_side))
    try:
        found = measure(Path(path), limits)
        answer = asdict(found) | {"fps": str(found.fps)}
    except MediaRefused as refusal:
        answer = {"refused": [refusal.code, refusal.message, *refusal.rules]}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
