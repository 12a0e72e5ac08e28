"""How fast and how steady the animatic engine is: ``python bench/render.py``.

Films a real photograph for 5 s at 1080p24 (x264 veryfast, CRF 20, through PyAV) and prints the
wall time as a ratio to encoding alone, with the same settings, in the same run, of the same
frames made beforehand; the time to prepare apart; the peak memory of a whole render in a
process of its own; and how far frames stray from the intended path. ``still`` has a part that
moves under a camera at rest, ``focus`` a pulled focus; ``flow`` to ``breath`` are things of a
picture that live, ``flow`` and ``sway`` in a third of it. ``brush`` moves three painted parts,
``morph`` turns one view into another, ``transition`` goes through to another picture. ``lips``
lets the face of a film speak; to decode the film and to follow the face are part of drawing.
``naive`` is what ffmpeg's zoompan does: crop at whole pixels, then scale.
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
import wave
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import av
import cv2
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray
from skimage import data

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.frame import Frame
from kirin.domain.lips import LipSync, Speech
from kirin.domain.motion import (
    AirRequest,
    BodyMotion,
    BodyRequest,
    FocusPull,
    Illumination,
    LightRequest,
    MatterMotion,
    MatterRequest,
    Particle,
    PictureMotion,
    Substance,
)
from kirin.domain.soundtrack import RATE
from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.animatic.brush.brush import Brush, BrushRegion
from kirin.engines.animatic.brush.hold import Hold
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.assembly import assemble
from kirin.engines.animatic.cinemagraph.part import Cinemagraph, Rectangle
from kirin.engines.animatic.cinemagraph.still import PictureTexture, still_of
from kirin.engines.animatic.engine import AnimaticEngine
from kirin.engines.animatic.photo.photo import Photo, PhotoOptions
from kirin.engines.animatic.shot import ShotContext
from kirin.engines.animatic.transition.dissolve import Dissolve
from kirin.engines.animatic.transition.morph import Morph
from kirin.memory import trim
from kirin.prompt.reader import read_intent
from kirin.vision.easing import ease, frame_times
from kirin.vision.face.tracks import find_faces
from kirin.vision.flow.alignment import Alignment
from kirin.vision.flow.flow import Flow
from kirin.vision.flow.rife import Rife
from kirin.vision.matting.segmenter import Segmenter
from kirin.vision.models import VisionModels
from kirin.vision.planes import Planes, Rgb, resize
from kirin.vision.trajectory import Trajectory

WIDTH, HEIGHT, FPS, COUNT = 1920, 1080, 24, 120
MOVES = ("camera", "rolling", "ground", "layered")
STILL = ("still", "focus")
LIVING = {
    "flow": PictureMotion((MatterRequest("water", Substance.WATER, MatterMotion.FALL),)),
    "sway": PictureMotion((MatterRequest("grass", Substance.GRASS, MatterMotion.SWAY),)),
    "air": PictureMotion(air=(AirRequest("snow", Particle.SNOW),)),
    "light": PictureMotion(light=(LightRequest("night", Illumination.NIGHT),)),
    "breath": PictureMotion(body=(BodyRequest("woman", "breathes", BodyMotion.BREATHE),)),
}
KINDS = (*MOVES, *STILL, *LIVING, "brush", "hold", "morph", "transition", "lips")
GOALS = {"camera": 1.08, "rolling": 1.4, "layered": 1.5, "still": 1.4, "brush": 1.25, "morph": 1.8}
GOALS |= {"flow": 1.8, "sway": 1.8, "air": 1.4, "light": 1.25, "breath": 1.4, "hold": 1.3}

Draw = Callable[[int], Frame]
"""Draws the frame of a number."""


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


def film(photo: Photo, path: Sequence[Pose]) -> Draw:
    """What a camera sees on its path."""
    return lambda index: photo.frame(path[index])


def prepare(kind: str, rgb: Rgb) -> Draw:
    """Build what one kind of take draws from; ``ground`` has depth but no subject."""
    if kind in MOVES:
        segmenter = Segmenter() if kind == "layered" else None
        return film(Photo.prepare(rgb, WIDTH, HEIGHT, poses(kind), segmenter), poses(kind))
    if kind in (*STILL, *LIVING):
        return alive(kind, rgb) if kind in LIVING else prepare_still(kind, rgb)
    if kind == "brush":
        rgb = resize(rgb, 2880, 1620, (0, 0, rgb.shape[1], rgb.shape[1] * 9 / 16))
        parts = [
            brushed((0.43, 0.42), (0.16, 0.36), [(0, 0), (160, -90), (330, 60)]),
            brushed((0.76, 0.45), (0.08, 0.42), [(0, 0), (40, -300)]),
            brushed((0.1, 0.5), (0.09, 0.4), [(0, 0), (200, 0)]),
        ]
        return Brush.prepare(rgb, WIDTH, HEIGHT, [Pose()] * COUNT, parts).frame
    if kind == "hold":
        rgb = resize(rgb, 2880, 1620, (0, 0, rgb.shape[1], rgb.shape[1] * 9 / 16))
        still = brushed((0.43, 0.42), (0.16, 0.36), [(0, 0), (0, 0)]).mask
        return Hold.prepare(rgb, WIDTH, HEIGHT, poses("camera"), still).frame
    if kind == "morph":
        first, last = views()
        alignment = Alignment.find(first, last)
        flow = Flow.find(first, last, alignment, Rife())
        morph = Morph(first, last, WIDTH, HEIGHT, flow)
        return lambda index: morph.frame(float(ease(frame_times(COUNT))[index]))
    return Speaking(rgb) if kind == "lips" else through()


def through() -> Draw:
    """From a view through to another picture."""
    first, _ = views()
    coffee: Rgb = data.coffee()  # type: ignore[no-untyped-call]
    last = resize(coffee, *FINE, (0, 0, 600, 337.5))
    transition = Dissolve.prepare(first, last, WIDTH, HEIGHT, Segmenter())
    return lambda index: transition.frame(index / (COUNT - 1))


def _unhindered() -> None:
    """Nobody cancels a measurement."""


def alive(kind: str, rgb: Rgb) -> Draw:
    """One request under a static camera; matter is the lower third, bodies are cut out."""
    poses, motion = [Pose()] * COUNT, LIVING[kind]
    board = Storyboard("bench", WIDTH, HEIGHT, Fraction(FPS), (Shot("", COUNT / FPS),), seed=1)
    context = ShotContext(
        board,
        board.shots[0],
        lambda _: Path(),
        read_intent(""),
        poses,
        VisionModels(),
        _unhindered,
    )

    def animate(texture: PictureTexture) -> Cinemagraph:
        mask = np.zeros(texture.picture.shape[:2], np.uint8)
        mask[len(mask) * 2 // 3 :] = 255
        made = assemble(motion, still_of(replace(texture, poses=poses), context, mask))
        assert not made.missing
        return made

    segmenter = Segmenter() if motion.body else None
    options = PhotoOptions(animate=animate, separate=segmenter is not None)
    return Photo.prepare(rgb, WIDTH, HEIGHT, poses, segmenter, options).frame_at


def prepare_still(kind: str, rgb: Rgb) -> Draw:
    """A camera at rest: what moves is in the picture, or in the lens."""
    if kind == "still":
        options = PhotoOptions(animate=lambda _: Cinemagraph(behind=[Wave()]))
        return Photo.prepare(rgb, WIDTH, HEIGHT, [Pose()] * COUNT, None, options).frame_at
    options = PhotoOptions(focus=FocusPull.TO_BACKGROUND)
    return Photo.prepare(rgb, WIDTH, HEIGHT, [Pose()] * COUNT, Segmenter(), options).frame_at


class Wave:
    """A part that is cheap to draw: a third of the picture goes up and down by whole pixels."""

    box = Rectangle(0, HEIGHT * 2 // 3, WIDTH, HEIGHT)

    def draw(self, planes: Planes, number: int) -> None:
        """Roll the box."""
        way = 2 * abs(number % 16 - 8)
        for plane, step in ((planes.y, 1), (planes.u, 2), (planes.v, 2)):
            rows = slice(self.box.top // step, self.box.bottom // step)
            plane[rows] = np.roll(plane[rows], way // step, axis=0)


class Speaking:
    """A film of a face that speaks all the time: decoding it and following the face included.

    Its frames are drawn in order; an earlier one begins anew.
    """

    def __init__(self, rgb: Rgb) -> None:
        self._folder = TemporaryDirectory()
        folder = Path(self._folder.name)
        photo = Photo.prepare(rgb, WIDTH, HEIGHT, poses("camera"), None)
        encode((photo.frame(pose) for pose in poses("camera")), folder / "video.mp4", 18)
        with wave.open(str(folder / "voice.wav"), "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            at = np.arange(RATE * COUNT // FPS) / RATE
            loud = np.sin(2 * np.pi * 2 * at) ** 2
            tones = [np.sin(2 * np.pi * 120 * k * at) / k for k in range(1, 20)]
            voice = 8000 * loud * np.sum(tones, axis=0)
            file.writeframes(voice.astype("<i2").tobytes())
        self._folder_path = folder
        self._board = self._storyboard(folder)
        self._models = VisionModels()
        self._frames: Iterator[Frame] = iter(())
        self._number, self._frame = COUNT, np.empty(0, np.uint8)

    def _storyboard(self, folder: Path) -> Storyboard:
        seconds = COUNT / FPS
        (face, *_) = find_faces(folder / "video.mp4", VisionModels().face_estimator)
        video = Asset(
            "video.mp4", AssetKind.VIDEO, "video/mp4", 1, WIDTH, HEIGHT, seconds, Fraction(FPS)
        )
        sound = Asset("voice.wav", AssetKind.AUDIO, "audio/wav", 1, 0, 0, seconds)
        speech = Speech(face.track, sound, 0, seconds, 0)
        shots = (Shot("", seconds),)
        lips = LipSync(video, (speech,))
        return Storyboard("kirin_lipsync", WIDTH, HEIGHT, Fraction(FPS), shots, lips=lips)

    def __call__(self, index: int) -> Frame:
        """The frame of a number."""
        if index < self._number:
            engine = AnimaticEngine(self._models)
            path = self._folder_path
            clip = engine.render(
                self._board, lambda a: path / a.sha256, lambda _: None, lambda: False
            )
            self._frames, self._number = clip.frames, -1
        while self._number < index:
            self._frame = next(self._frames)
            self._number += 1
        return self._frame


FINE = WIDTH * 3 // 2, HEIGHT * 3 // 2


def brushed(
    centre: tuple[float, float], radii: tuple[float, float], path: list[tuple[float, float]]
) -> BrushRegion:
    """A painted ellipse that goes a way; sizes as shares of the picture."""
    mask = np.zeros((FINE[1], FINE[0]), np.uint8)
    middle = round(centre[0] * FINE[0]), round(centre[1] * FINE[1])
    cv2.ellipse(
        mask, middle, (round(radii[0] * FINE[0]), round(radii[1] * FINE[1])), 0, 0, 360, 255, -1
    )
    return BrushRegion(mask, Trajectory(np.array(path, np.float64)).offsets(COUNT))


@cache
def views() -> tuple[Rgb, Rgb]:
    """Two views of one thing: the subject has moved against its background."""
    ends = [Pose(), Pose(truck_x=0.15, dolly=0.1)]
    photo = Photo.prepare(picture(), *FINE, ends, Segmenter())
    first, last = (Planes.of_frame(photo.frame(pose)).to_rgb() for pose in ends)
    return first, last


def encode(frames: Iterable[Frame], path: Path = Path("/dev/null"), crf: int = 20) -> None:
    """Encode as the server would; without a path the file is thrown away."""
    options = {"preset": "veryfast", "crf": str(crf)}
    with av.open(str(path), "w", format="mp4") as output:
        stream = output.add_stream("libx264", rate=FPS, options=options)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number, frame in enumerate(frames):
            picture = av.VideoFrame.from_numpy_buffer(frame, "yuv420p")
            picture.pts = number
            output.mux(stream.encode(picture))
        output.mux(stream.encode(None))


def piped(draw: Draw, count: int = COUNT) -> Iterator[Frame]:
    """Draw in one thread beside, at most three frames ahead; more frames than there are poses
    go through them more slowly."""
    ready: queue.Queue[Frame | None] = queue.Queue(3)

    def work() -> None:
        for index in range(count):
            ready.put(draw(index * COUNT // count))
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


def peak(kind: str, seconds: int = 5) -> int:
    """Peak memory in MB of preparing and rendering, in a process of its own."""
    command = [sys.executable, __file__, "--memory", kind, "--seconds", str(seconds)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def render_for_memory(kind: str, seconds: int) -> None:
    """Render once and print the peak, in MB."""
    draw = prepare(kind, picture())
    trim()  # as the engine does
    encode(piped(draw, seconds * FPS))
    # Not getrusage: its peak begins with what the parent held when it forked.
    status = Path("/proc/self/status").read_text()
    print(int(status.split("VmHWM:")[1].split()[0]) // 1024)


def compare(draw: Draw, repeat: int) -> list[float]:
    """Wall time of drawing and encoding, as ratios to encoding alone, taken in turns."""
    frames = [draw(index) for index in range(COUNT)]

    def ratio() -> float:
        alone = timed(lambda: encode(frames))
        return timed(lambda: encode(piped(draw))) / alone

    return [ratio() for _ in range(repeat)]


def measure(kind: str, rgb: Rgb, repeat: int) -> str:
    """One line of the table."""
    prepare(kind, rgb)(COUNT // 2)  # compiles, or loads what an earlier run compiled
    start = time.perf_counter()
    draw = prepare(kind, rgb)
    prepared = time.perf_counter() - start
    drawn = statistics.median(timed(partial(draw, index)) for index in range(COUNT))
    ratios = compare(draw, repeat)
    return (
        f"{kind:10} {statistics.median(ratios):11.2f} {GOALS.get(kind, ''):>5} {drawn * 1e3:8.1f} "
        f"{prepared:9.2f} {peak(kind):5d}   ({min(ratios):.2f} to {max(ratios):.2f})"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--memory", choices=KINDS, help="render once and print the peak memory")
    parser.add_argument("--seconds", type=int, default=5, help="with --memory: of video")
    parser.add_argument("--only", choices=KINDS, action="append", help="measure these alone")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    if options.memory:
        render_for_memory(options.memory, options.seconds)
        return
    rgb = picture()
    print(f"{'take':10} {'wall/encode':>11} {'goal':>5} {'draw ms':>8} {'prepare s':>9} {'MB':>5}")
    for kind in options.only or KINDS:
        print(measure(kind, rgb, options.repeat))
    lengths = {seconds: peak("layered", seconds) for seconds in (3, 15)}
    print("peak MB of layered by length:", ", ".join(f"{s} s {mb}" for s, mb in lengths.items()))
    flat = Photo.prepare(rgb, WIDTH, HEIGHT, poses("camera"))
    crude, path = naive(rgb, flat), poses("camera")
    ratios = compare(lambda index: crude(path[index]), options.repeat)
    print(f"{'naive':10} {statistics.median(ratios):11.2f}")
    steady = Photo.prepare(rgb, WIDTH, HEIGHT, [Pose(x=-0.01), Pose(x=0.03)])
    ours, theirs = jitter(steady.frame), jitter(naive(rgb, steady))
    print(f"jitter, px rms per frame: ours {ours:.4f} (goal 0.02), naive {theirs:.4f}")


if __name__ == "__main__":
    main()
