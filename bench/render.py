"""How fast and how steady the photo engine is: ``python bench/render.py``.

Films a real photograph for 5 s at 1080p24 (x264 veryfast, CRF 20, through PyAV) and prints the
wall time as a ratio to encoding alone, with the same settings, in the same run, of the same
frames made beforehand; the time to prepare apart; the peak memory of a whole render in a
process of its own; and how far frames stray from the intended path. ``naive`` is what
ffmpeg's zoompan does: crop at whole pixels, then scale.
"""

from __future__ import annotations

import argparse
import itertools
import queue
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import cast

import av
import cv2
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray
from skimage import data

from kirin.engines.animatic.matte import Segmenter
from kirin.engines.animatic.photo import Photo
from kirin.engines.animatic.planes import Rgb, resize
from kirin.engines.animatic.pose import Pose
from kirin.engines.base import Frame

WIDTH, HEIGHT, FPS, COUNT = 1920, 1080, 24, 120
KINDS = ("camera", "rolling", "ground", "layered")
GOALS = {"camera": 1.10, "layered": 1.5}


def poses(kind: str) -> list[Pose]:
    """A push-in with a pan, eased; with depth for the kinds that have layers."""
    path = []
    for i in range(COUNT):
        t = i / (COUNT - 1)
        s = t * t * (3 - 2 * t)
        depth = kind in ("ground", "layered")
        path.append(
            Pose(
                x=-0.03 + 0.06 * s,
                zoom=1 + 0.12 * s,
                roll=0.04 * s if kind == "rolling" else 0.0,
                dolly=0.1 * s if depth else 0.0,
                truck_x=0.03 * s if depth else 0.0,
            )
        )
    return path


def picture() -> Rgb:
    """NASA's portrait of Eileen Collins (public domain), enlarged to a camera's resolution."""
    portrait: Rgb = data.astronaut()  # type: ignore[no-untyped-call]
    return resize(portrait, 3000, 3000)


def prepare(kind: str, rgb: Rgb) -> Photo:
    """Build the layers of one kind of move; ``ground`` has depth but no subject."""
    return Photo.prepare(
        rgb, WIDTH, HEIGHT, poses(kind), Segmenter() if kind == "layered" else None
    )


def encode(frames: Iterable[Frame]) -> None:
    """Encode as the server would, and throw the file away."""
    with av.open("/dev/null", "w", format="mp4") as output:
        stream = output.add_stream("libx264", rate=FPS, options={"preset": "veryfast", "crf": "20"})
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number, frame in enumerate(frames):
            picture = av.VideoFrame.from_numpy_buffer(frame, "yuv420p")
            picture.pts = number
            output.mux(stream.encode(picture))
        output.mux(stream.encode(None))


def piped(draw: Callable[[Pose], Frame], path: list[Pose]) -> Iterator[Frame]:
    """Draw in one thread beside, at most three frames ahead."""
    ready: queue.Queue[Frame | None] = queue.Queue(3)

    def work() -> None:
        for pose in path:
            ready.put(draw(pose))
        ready.put(None)

    thread = threading.Thread(target=work)
    thread.start()
    while (frame := ready.get()) is not None:
        yield frame
    thread.join()


def naive(rgb: Rgb, photo: Photo) -> Callable[[Pose], Frame]:
    """Crop at whole pixels, scale, convert: the move as most tools make it."""
    place = photo.framing

    def draw(pose: Pose) -> Frame:
        width, height = place.width / pose.zoom, place.height / pose.zoom
        left = round(place.x + pose.x * place.width - width / 2)
        top = round(place.y + pose.y * place.height - height / 2)
        part = rgb[max(top, 0) : top + round(height), max(left, 0) : left + round(width)]
        scaled = cv2.resize(part, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
        return cast(Frame, cv2.cvtColor(scaled, cv2.COLOR_RGB2YUV_I420))

    return draw


def timed(work: Callable[[], object]) -> float:
    """Seconds of wall time."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def shift(a: NDArray[np.float64], b: NDArray[np.float64]) -> tuple[float, float]:
    """How far ``b`` has moved against ``a``, by the slope of the phase of their low frequencies."""
    window = np.outer(np.hanning(a.shape[0]), np.hanning(a.shape[1]))
    spectra = [np.fft.fft2((p - p.mean()) * window) for p in (a, b)]
    cross = spectra[0] * np.conj(spectra[1])
    fy, fx = np.meshgrid(np.fft.fftfreq(a.shape[0]), np.fft.fftfreq(a.shape[1]), indexing="ij")
    use = (np.hypot(fx, fy) < 0.08) & (np.hypot(fx, fy) > 0.004)
    weight = np.sqrt(np.abs(cross[use]))
    slopes = 2 * np.pi * np.stack([fx[use], fy[use]], axis=1) * weight[:, None]
    moved = np.linalg.lstsq(slopes, np.angle(cross[use]) * weight, rcond=None)[0]
    return float(moved[0]), float(moved[1])


def jitter(draw: Callable[[Pose], Frame]) -> float:
    """Stray from frame to frame of a slow, eased pan, in pixels rms."""
    moved = np.sin(np.pi * np.arange(48) / 47) * 0.9  # pixels from one frame to the next
    lumas = [
        draw(Pose(x=-0.01 + at / WIDTH))[200:712, 500:1268].astype(np.float64)
        for at in np.cumsum(moved)
    ]
    found = np.array([shift(*pair) for pair in itertools.pairwise(lumas)])
    stray = found + np.stack([moved[1:], np.zeros(47)], axis=1)
    return float(np.sqrt(np.mean(np.sum(np.square(stray), axis=1))))


def peak(kind: str) -> int:
    """Peak memory in MB of preparing and rendering 5 s, in a process of its own."""
    command = [sys.executable, __file__, "--memory", kind]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def render_for_memory(kind: str) -> None:
    """Render once and print the peak, in MB."""
    photo = prepare(kind, picture())
    encode(piped(photo.frame, poses(kind)))
    # Not getrusage: its peak begins with what the parent held when it forked.
    status = Path("/proc/self/status").read_text()
    print(int(status.split("VmHWM:")[1].split()[0]) // 1024)


def compare(draw: Callable[[Pose], Frame], path: list[Pose], repeat: int) -> list[float]:
    """Wall time of drawing and encoding, as ratios to encoding alone, taken in turns."""
    frames = [draw(pose) for pose in path]

    def ratio() -> float:
        alone = timed(lambda: encode(frames))
        return timed(lambda: encode(piped(draw, path))) / alone

    return [ratio() for _ in range(repeat)]


def measure(kind: str, rgb: Rgb, repeat: int) -> str:
    """One line of the table."""
    path = poses(kind)
    prepare(kind, rgb).frame(path[0])  # compiles, or loads what an earlier run compiled
    start = time.perf_counter()
    photo = prepare(kind, rgb)
    prepared = time.perf_counter() - start
    draw = statistics.median(timed(partial(photo.frame, pose)) for pose in path)
    ratios = compare(photo.frame, path, repeat)
    return (
        f"{kind:8} {statistics.median(ratios):11.2f} {GOALS.get(kind, ''):>5} {draw * 1e3:8.1f} "
        f"{prepared:9.2f} {peak(kind):5d}   ({min(ratios):.2f} to {max(ratios):.2f})"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--memory", choices=KINDS, help="render once and print the peak memory")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    if options.memory:
        render_for_memory(options.memory)
        return
    rgb = picture()
    print(f"{'move':8} {'wall/encode':>11} {'goal':>5} {'draw ms':>8} {'prepare s':>9} {'MB':>5}")
    for kind in KINDS:
        print(measure(kind, rgb, options.repeat))
    flat = Photo.prepare(rgb, WIDTH, HEIGHT, poses("camera"))
    ratios = compare(naive(rgb, flat), poses("camera"), options.repeat)
    print(f"{'naive':8} {statistics.median(ratios):11.2f}")
    steady = Photo.prepare(rgb, WIDTH, HEIGHT, [Pose(x=-0.01), Pose(x=0.03)])
    ours, theirs = jitter(steady.frame), jitter(naive(rgb, steady))
    print(f"jitter, px rms per frame: ours {ours:.4f} (goal 0.02), naive {theirs:.4f}")


if __name__ == "__main__":
    main()
