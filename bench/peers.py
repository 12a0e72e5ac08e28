"""The same camera move by what one would take instead: ``python bench/peers.py``.

A slow pan with a slight enlargement over a photograph, 5 s at 1080p24, by the animatic engine,
ffmpeg's zoompan, still-motion and MoviePy: each a whole command from a picture file to an MP4
(x264 veryfast, CRF 20), start of the process included, taken in turns. The peers live in an
environment of their own, which is made on the first run (``.venv-peers``) and brings the ffmpeg.

Jitter is how far the picture strays from a smooth path, in pixels rms from frame to frame, by
phase correlation of the decoded frames of a nearly lossless copy (CRF 4).
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.photo.photo import Photo
from kirin.media.images import load_rgb
from render import COUNT, FPS, HEIGHT, WIDTH, encode, picture, piped, shift

PEERS = Path(__file__).parents[1] / ".venv-peers"
PACKAGES = ("moviepy==2.2.1", "still-motion==0.1.2")
ZOOM = 1.1
TRAVEL = 57.0
"""Pixels from the first frame to the last: about half a pixel a frame, where rounding shows."""

_FFMPEG = "import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())"

_STILL_MOTION = """
import sys, warnings
warnings.simplefilter("ignore")
from still_motion import KenBurns, RenderConfig
source, target, ffmpeg, crf, zoom, start, end = sys.argv[1:]
def anchor(share):  # it takes the left edge, from half of the width on
    return float(share) * (1 - 1 / float(zoom)) + 0.5
clip = KenBurns(source, {seconds}, {width}, {height}, {fps}, float(zoom), float(zoom),
                (anchor(start), anchor(0.5)), (anchor(end), anchor(0.5)), "linear")
clip.render(target, RenderConfig(width={width}, height={height}, fps={fps}, crf=int(crf),
                                 preset="veryfast", ffmpeg_binary=ffmpeg))
"""

_MOVIEPY = """
import sys
from moviepy import CompositeVideoClip, ImageClip
source, target, ffmpeg, crf, zoom, start, end = sys.argv[1:]
zoom, start, end = float(zoom), float(start), float(end)
clip = ImageClip(source).with_duration({seconds}).resized(width={width} * zoom)
def at(t):
    share = start + (end - start) * t / ({seconds} - 1 / {fps})
    return -share * (clip.w - {width}), -0.5 * (clip.h - {height})
CompositeVideoClip([clip.with_position(at)], size=({width}, {height})).write_videofile(
    target, fps={fps}, codec="libx264", preset="veryfast", audio=False, logger=None,
    ffmpeg_params=["-crf", crf], threads=2)
"""


def ours(source: Path, target: Path, crf: int) -> None:
    """The move by the animatic engine, in this process."""
    steps = np.linspace(-0.5, 0.5, COUNT) * TRAVEL / ZOOM / WIDTH
    path = [Pose(x=float(x), zoom=ZOOM) for x in steps]
    photo = Photo.prepare(load_rgb(source, 4096), WIDTH, HEIGHT, path)
    encode(piped(lambda index: photo.frame(path[index])), target, crf)


def commands(source: Path, target: Path, crf: int) -> dict[str, list[str]]:
    """What is run, by name."""
    python = str(PEERS / "bin" / "python")
    ffmpeg = subprocess.run([python, "-c", _FFMPEG], check=True, capture_output=True, text=True)
    binary = ffmpeg.stdout.strip()
    room = WIDTH * (ZOOM - 1)  # pixels that the enlarged picture is wider than the view
    start, end = (0.5 + side * TRAVEL / room / 2 for side in (-1, 1))
    facts = {"seconds": COUNT / FPS, "width": WIDTH, "height": HEIGHT, "fps": FPS}
    move = [str(source), str(target), binary, str(crf), str(ZOOM), str(start), str(end)]
    x = f"(iw-iw/zoom)*({start}+({end}-{start})*on/{COUNT - 1})"
    zoompan = f"zoompan=z={ZOOM}:x='{x}':y='(ih-ih/zoom)/2':d={COUNT}:s={WIDTH}x{HEIGHT}:fps={FPS}"
    x264 = ["-c:v", "libx264", "-preset", "veryfast", "-crf", str(crf), "-pix_fmt", "yuv420p"]
    return {
        "animatic": [sys.executable, __file__, "--ours", str(source), str(target), str(crf)],
        "zoompan": [binary, "-v", "error", "-i", str(source), "-vf", zoompan, *x264, str(target)],
        "still-motion": [python, "-c", _STILL_MOTION.format(**facts), *move],
        "MoviePy": [python, "-c", _MOVIEPY.format(**facts), *move],
    }


def run(command: Sequence[str], target: Path) -> float:
    """Seconds of wall time in which a command makes a file."""
    target.unlink(missing_ok=True)
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    seconds = time.perf_counter() - start
    if not target.exists():
        raise SystemExit(f"nothing came of: {' '.join(command)}")
    return seconds


def jitter(path: Path) -> tuple[float, float]:
    """Stray from a smooth path, in pixels rms from frame to frame, and pixels travelled.

    The path is a polynomial of the fifth degree through the positions: it follows any easing,
    and no rounding.
    """
    with av.open(str(path)) as file:
        lumas = [
            frame.to_ndarray(format="gray")[284:796, 576:1344].astype(np.float64)
            for frame in file.decode(video=0)
        ]
    steps: NDArray[np.float64] = np.array([shift(*pair) for pair in itertools.pairwise(lumas)])
    times = np.linspace(-1, 1, len(steps))
    smooth = [np.polynomial.Polynomial.fit(times, axis, 4)(times) for axis in steps.T]
    stray = steps - np.stack(smooth, axis=1)
    travel = float(np.hypot(*steps.sum(axis=0)))
    return float(np.sqrt(np.mean(np.sum(np.square(stray), axis=1)))), travel


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--ours", nargs=3, metavar=("SOURCE", "TARGET", "CRF"))
    options = parser.parse_args()
    if options.ours:
        source, target, crf = options.ours
        ours(Path(source), Path(target), int(crf))
        return
    if not (PEERS / "bin" / "python").exists():
        venv.create(PEERS, with_pip=True)
        pip = [str(PEERS / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, *PACKAGES], check=True)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "photo.png"), Path(folder, "video.mp4")
        height = Fraction(3000 * HEIGHT, WIDTH)
        with Image.fromarray(picture()) as image:
            image.crop((0, 300, 3000, 300 + round(height))).save(source)
        stray = {}
        for name, command in commands(source, target, 4).items():
            run(command, target)
            stray[name] = jitter(target)
        turns = [
            {name: run(command, target) for name, command in commands(source, target, 20).items()}
            for _ in range(options.repeat)
        ]
    print(f"{'tool':13} {'seconds':>8} {'to ours':>8} {'jitter px':>10} {'travel px':>10}")
    for name, (strayed, travel) in stray.items():
        seconds = statistics.median(turn[name] for turn in turns)
        ratio = statistics.median(turn[name] / turn["animatic"] for turn in turns)
        print(f"{name:13} {seconds:8.2f} {ratio:8.2f} {strayed:10.4f} {travel:10.1f}")


if __name__ == "__main__":
    main()
