"""Probing in a process of its own: a stranger's video is opened far from the server's memory.

The API process measures what is uploaded to it. FFmpeg is large and written in C; a file that
brings it down, or has it compute for ever, ends the small process and nothing else.
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
"""Longest time that a video may take; an index of 100 MB is read in a tenth of a second."""

MEMORY: Final = 2 * 1024**3
"""Bytes of address space: room for one picture of the largest sides."""


def measure_apart(path: Path, limits: VideoLimits) -> VideoMeasure:
    """As :func:`kirin.media.videos.measure`, in a process of its own.

    Raises:
        MediaRefused: as there; also where the file brought the process down.
    """
    command = [sys.executable, "-m", __name__, str(path), str(limits.max_bytes)]
    try:
        done = subprocess.run(  # noqa: S603  our own interpreter and module
            [*command, str(limits.max_side)], capture_output=True, timeout=SECONDS, check=True
        )
        told = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise unreadable_video(f"it takes longer than {SECONDS:g} s") from error
    except (subprocess.SubprocessError, ValueError) as error:
        raise unreadable_video("the reader failed") from error
    if "refused" in told:
        raise MediaRefused(*told["refused"])
    return VideoMeasure(**told | {"fps": Fraction(told["fps"])})


def main(path: str, max_bytes: str, max_side: str) -> None:
    """Print what a video is, or what is wrong with it, as JSON."""
    for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
        resource.setrlimit(kind, (most, most))
    limits = VideoLimits(max_bytes=int(max_bytes), max_side=int(max_side))
    try:
        found = measure(Path(path), limits)
        told = asdict(found) | {"fps": str(found.fps)}
    except MediaRefused as refusal:
        told = {"refused": [refusal.code, refusal.message, *refusal.rules]}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
