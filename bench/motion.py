"""How well and how fast a character follows a person: ``python bench/motion.py``.

Lets the woman of the walking clip (tests/media) drive herself, standing still in one frame of
it, and, if ``--picture`` names one, the person of that picture. Poses are estimated in the
OUTPUT, as encoded, and compared with the driver's: directions of the limbs' bones in each frame,
and how they go together over time. Prints too how unchanged the background is where the
character never was, how far standing feet slide, and the wall time of moving, drawing and
encoding as a ratio to encoding alone; preparation apart.
"""

from __future__ import annotations

import argparse
import queue
import statistics
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.frame import Frame
from kirin.domain.storyboard import Driving, Orientation, Shot, Storyboard
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.puppet.renderer import PuppetShotRenderer
from kirin.engines.animatic.shot import ShotContext
from kirin.media.decode import facts, frames, timed_frames
from kirin.media.encode import encode
from kirin.prompt.reader import read_intent
from kirin.vision.models import VisionModels
from kirin.vision.planes import Planes, Rgb, resize
from kirin.vision.pose.motion import DrivingMotion
from kirin.vision.pose.skeleton import CHAINS, LIMBS, Node, Skeleton
from kirin.vision.pose.track import Track, track_person

CLIP = Path(__file__).parents[1] / "tests" / "media" / "walking.mp4"
STANDING = 22  # the frame of the clip that is the character's picture
AREA = 1920 * 1080
SEEN = 0.6  # how well both ends of a bone must be seen, in driver and output, to be compared
MOVES = 6.0  # degrees of deviation from which a bone counts as moving

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Agreement:
    """How a character's limbs agree with its driver's.

    Attributes:
        error: mean difference of directions, degrees.
        correlation: over time, of the bones that move; mean, each weighted alike.
        bones: how many were compared.
    """

    error: float
    correlation: float
    bones: int


def agreement(driver: list[Skeleton], output: list[Skeleton]) -> Agreement:
    """Compare bones of limbs (not hands and feet, which are few pixels) frame by frame."""
    errors, correlations = [], []
    for limb in LIMBS:
        for start, end in zip(CHAINS[limb][:2], CHAINS[limb][1:3], strict=True):
            seen = np.array(
                [
                    min(*one.seen[[start, end]], *two.seen[[start, end]]) > SEEN
                    for one, two in zip(driver, output, strict=True)
                ]
            )
            if seen.mean() < 0.5:
                continue
            here, there = (np.unwrap(directions(each, start, end)) for each in (driver, output))
            apart = np.degrees((there - here + np.pi) % (2 * np.pi) - np.pi)[seen]
            errors.append(float(np.abs(apart).mean()))
            if np.degrees(here[seen].std()) > MOVES:
                correlations.append(float(np.corrcoef(here[seen], there[seen])[0, 1]))
    return Agreement(statistics.mean(errors), statistics.mean(correlations), len(errors))


def directions(skeletons: list[Skeleton], start: Node, end: Node) -> Values:
    """Of a bone in each frame, radians."""
    lines = np.array([each.points[end] - each.points[start] for each in skeletons])
    return np.asarray(np.arctan2(lines[:, 1], lines[:, 0]))


def storyboard(picture: Path, video: Path, orientation: Orientation) -> Storyboard:
    """What motion control asks for, at about the area of 1080p."""
    with Image.open(picture) as image:
        width, height = image.size
    found = facts(video)
    scale = (AREA / (width * height)) ** 0.5
    first = Asset("picture", AssetKind.IMAGE, "image/png", 1, width, height)
    driver = Asset(
        "video",
        AssetKind.VIDEO,
        "video/mp4",
        1,
        found.width,
        found.height,
        found.seconds,
        found.fps,
    )
    return Storyboard(
        "kirin_v3_motion_control",
        round(width * scale / 2) * 2,
        round(height * scale / 2) * 2,
        min(found.fps, Fraction(30)),
        (Shot("", found.seconds, first),),
        driving=Driving(driver, orientation, keep_sound=False),
    )


def ahead(draw: Iterable[Frame]) -> Iterator[Frame]:
    """Frames, drawn in a thread of their own."""
    waiting: queue.Queue[Frame | None] = queue.Queue(3)

    def run() -> None:
        for frame in draw:
            waiting.put(frame)
        waiting.put(None)

    thread = threading.Thread(target=run)
    thread.start()
    while (frame := waiting.get()) is not None:
        yield frame
    thread.join()


def encoded(made: Iterable[Frame], path: Path, board: Storyboard) -> tuple[float, float]:
    """Encode, and say how many seconds that took, and how much of the processor."""
    start = time.perf_counter(), time.process_time()
    encode(iter(made), path, width=board.width, height=board.height, fps=board.fps)
    return time.perf_counter() - start[0], time.process_time() - start[1]


def background(take: PuppetShotRenderer, board: Storyboard, rgb: Rgb) -> float:
    """PSNR in dB against the resized picture, where the character is in no frame."""
    picture = resize(rgb, board.width, board.height)
    plain = take.frame(0)
    moving = np.zeros((board.height, board.width), np.uint8)
    for index in range(board.frame_count):
        change = cv2.absdiff(take.frame(index)[: board.height], take.background[: board.height])
        moving = np.maximum(moving, (change > 2).astype(np.uint8))
    # Where it stood was painted over.
    first = cv2.absdiff(Planes.of_frame(take.background).y, Planes.from_rgb(picture).y)
    inside = cv2.morphologyEx((first > 12).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3)))
    outside = cv2.dilate(np.maximum(moving, inside), np.ones((25, 25))) == 0
    seen = Planes.of_frame(plain).to_rgb()
    error = (seen.astype(np.float64) - picture)[outside]
    return float(10 * np.log10(255**2 / np.mean(error**2)))


def sliding(track: list[Skeleton], size: float) -> float:
    """How fast the slower foot moves, in the median frame: torso lengths a second."""
    feet = np.array([each.points[[Node.LEFT_ANKLE, Node.RIGHT_ANKLE]] for each in track])
    speed = np.hypot(*np.moveaxis(np.gradient(feet, axis=0), 2, 0)) * size
    torso = statistics.median(each.torso for each in track)
    return float(np.median(speed.min(axis=1)) / torso)


def measure(name: str, picture: Path, orientation: Orientation, repeat: int, folder: Path) -> str:
    """One line of the table."""
    board = storyboard(picture, CLIP, orientation)
    assert board.driving
    models = VisionModels()
    estimator = models.pose_estimator
    paths = {"picture": picture, "video": CLIP}

    def prepare() -> PuppetShotRenderer:
        context = ShotContext(
            board,
            board.shots[0],
            lambda asset: paths[asset.sha256],
            read_intent("", drawn=False),
            [Pose()] * board.frame_count,
            models,
            lambda: None,
        )
        return PuppetShotRenderer(context)

    prepare().frame(0)  # compiles, or loads what an earlier run compiled
    fps = board.driving.video.fps or board.fps
    start = time.perf_counter()
    motion = DrivingMotion.read(CLIP, fps, estimator, (board.frame_count, board.fps), lambda: None)
    posed = time.perf_counter() - start
    start = time.perf_counter()
    take = prepare()
    prepared = time.perf_counter() - start - posed
    made = [take.frame(index) for index in range(board.frame_count)]
    path = folder / f"{name}.mp4"
    ratios = []
    for _ in range(repeat):
        alone = encoded(made, path, board)
        drawn = encoded(ahead(take.frame(index) for index in range(len(made))), path, board)
        ratios.append([both / one for both, one in zip(drawn, alone, strict=True)])
    driver = motion.skeletons
    if take.notes["mirrored"]:
        driver = [each.mirrored(motion.width) for each in driver]
    output: Track = track_person(lambda: timed_frames(path), board.fps, estimator)
    found = [Skeleton.of(each) for each in output.people]
    agreed = agreement(driver, found)
    with Image.open(picture) as image:
        rgb = np.asarray(image.convert("RGB"))
    wall, cpu = (statistics.median(kind) for kind in zip(*ratios, strict=True))
    slide = sliding(found, float(board.fps)), sliding(driver, float(board.fps))
    return (
        f"{name:9} {agreed.error:7.1f} {agreed.correlation:11.3f} {agreed.bones:5d} "
        f"{background(take, board, rgb):7.1f} {wall:11.2f} {cpu:10.2f} {prepared:9.2f} "
        f"{1e3 * posed / facts(CLIP).frame_count:11.1f} {slide[0]:6.2f} ({slide[1]:.2f})"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--picture", type=Path, action="append", default=[])
    parser.add_argument("--orientation", choices=["image", "video"], default="image")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        standing = next(rgb for number, rgb in enumerate(frames(CLIP)) if number == STANDING)
        own = folder / "herself.png"
        Image.fromarray(standing).save(own)
        print(
            "character  degrees correlation bones PSNR dB wall/encode cpu/encode prepare s "
            "pose ms/frm slide/s (driver's)"
        )
        for picture in [own, *options.picture]:
            orientation = Orientation(options.orientation)
            print(measure(picture.stem, picture, orientation, options.repeat, folder), flush=True)


if __name__ == "__main__":
    main()
