"""The engine from storyboards to frames, and through the encoder to what a viewer sees."""

import itertools
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from skimage import data

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.storyboard import Point, Reference, Shot, Storyboard, Stroke
from kirin.engines.animatic import intents
from kirin.engines.animatic.engine import AnimaticEngine
from kirin.errors import InputsRefused, Stopped
from kirin.media.encode import encode
from kirin.prompt.reader import read_intent
from kirin.vision.planes import Planes, resize

pytestmark = pytest.mark.slow

WIDTH, HEIGHT, FPS = 384, 256, Fraction(24)
SMALL = np.s_[::4, ::4]
"""Of pictures at whose frames nobody looks: what is prepared costs as much as they are large."""


@pytest.fixture
def asset(tmp_path):
    """Makes an asset of pixels; ``read`` finds it by its name."""

    def make(name, pixels):
        Image.fromarray(pixels).save(tmp_path / name)
        height, width = pixels.shape[:2]
        return Asset(name, AssetKind.IMAGE, "image/png", 1, width, height)

    return make


@pytest.fixture
def read(tmp_path):
    return lambda asset: tmp_path / asset.sha256


@pytest.fixture(scope="module")
def engine():
    return AnimaticEngine()


def board(*shots, **changes):
    return replace(Storyboard("any", WIDTH, HEIGHT, FPS, shots), **changes)


def render(engine, storyboard, read):
    assert engine.unsupported(storyboard) == []
    told = []
    clip = engine.render(storyboard, read, told.append, lambda: False)
    frames = list(clip.frames)
    assert len(frames) == clip.frame_count == storyboard.frame_count
    assert all(frame.shape == (HEIGHT * 3 // 2, WIDTH) for frame in frames)
    assert told == sorted(told)
    assert told[-1] == 1
    return frames, clip.notes


def decoded(frames, path: Path, crf):
    """Frames as a viewer gets them, after x264."""
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=FPS, options={"crf": str(crf)})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number, frame in enumerate(frames):
            picture = av.VideoFrame.from_ndarray(frame, "yuv420p")
            picture.pts = number
            output.mux(stream.encode(picture))
        output.mux(stream.encode(None))
    with av.open(str(path)) as file:
        return [frame.to_ndarray(format="yuv420p") for frame in file.decode(video=0)]


def likeness(frame, rgb):
    """PSNR of luma against a picture, in dB."""
    return 10 * np.log10(255**2 / np.mean((frame[:HEIGHT].astype(float) - luma(rgb)) ** 2))


def luma(rgb):
    return Planes.from_rgb(resize(rgb, WIDTH, HEIGHT)).y


# Shots in a row.


def test_shots_are_cut_exactly_on_the_frame_and_told_one_by_one(engine, asset, read):
    coffee = asset("coffee.png", data.coffee())
    shots = (
        Shot("the sea at dawn", 0.4),
        Shot("camera pans left", 0.31, first=coffee),
        Shot("a forest at night", 0.52),
    )
    storyboard = board(*shots)
    frames, notes = render(engine, storyboard, read)
    lumas = np.stack([frame[:HEIGHT:8, ::8].astype(int) for frame in frames])
    steps = np.abs(np.diff(lumas, axis=0)).mean(axis=(1, 2))
    cuts = np.flatnonzero(steps > 12) + 1
    assert tuple(cuts) == storyboard.cuts()[:-1]
    methods = [told["method"] for told in notes["shots"]]
    assert methods == ["procedural scene", "camera move over the picture", "procedural scene"]


def test_a_shot_among_others_is_drawn_as_it_is_alone(engine, read):
    alone, notes = render(engine, board(Shot("the sea at dawn, pan left", 0.3)), read)
    shots = (Shot("the sea at dawn, pan left", 0.3), Shot("a desert", 0.3))
    together, all_notes = render(engine, board(*shots), read)
    assert all((a == b).all() for a, b in zip(alone, together, strict=False))
    assert all_notes["shots"][0] == notes


def test_shots_that_name_no_move_do_not_all_get_the_same(engine, read):
    _, notes = render(engine, board(*[Shot("the sea", 0.1)] * 6), read)
    assert len({str(told["direction"]["moves"]) for told in notes["shots"]}) > 1


def test_a_shot_shorter_than_a_frame_is_not_seen(engine, read):
    frames, notes = render(engine, board(Shot("sea", 0.2), Shot("wood", 0.001)), read)
    assert len(frames) == 5
    assert len(notes["shots"]) == 1


def test_a_later_shot_is_prepared_when_its_turn_comes(engine, asset, read):
    coffee = asset("coffee.png", data.coffee())
    used = []

    def seen(wanted):
        used.append(wanted)
        return read(wanted)

    storyboard = board(Shot("sea", 0.2), Shot("", 0.2, first=coffee))
    clip = engine.render(storyboard, seen, lambda _: None, lambda: False)
    for _ in range(5):
        next(clip.frames)
    assert not used
    next(clip.frames)
    assert used == [coffee]
    clip.frames.close()


@pytest.mark.parametrize("kind", ["scene", "photo", "brush", "hold", "between", "arrival"])
def test_a_cancelled_task_stops_before_and_while_it_is_prepared_and_drawn(
    kind, engine, asset, read
):
    first = asset("first.png", data.coffee()[SMALL])
    last = asset("last.png", data.chelsea()[SMALL])
    mask = asset("mask.png", np.pad(np.full((60, 60), 255, np.uint8), 90))
    stroke = Stroke(mask, (Point(0, 0), Point(30, 9)))
    shots = {
        "scene": Shot("sea", 0.3),
        "photo": Shot("", 0.3, first=first),
        "brush": Shot("", 0.3, first=first, strokes=(stroke,)),
        "hold": Shot("", 0.3, first=first, still=mask),
        "between": Shot("", 0.3, first=first, last=last),
        "arrival": Shot("", 0.3, last=last),
    }
    asked = iter(range(1000))
    clip = engine.render(board(shots[kind]), read, lambda _: None, lambda: next(asked) >= 6)
    with pytest.raises(Stopped):
        list(clip.frames)
    assert next(asked) == 7
    clip = engine.render(board(shots[kind]), read, lambda _: None, lambda: True)
    with pytest.raises(Stopped):
        next(clip.frames)


# What it can do.


def test_what_it_cannot_do_it_names(engine, asset):
    picture = asset("a.png", data.coffee())
    stroke = Stroke(picture, (Point(0, 0), Point(1, 1)))
    brushed = Shot("", 1, first=picture, strokes=(stroke,), still=picture)

    def fields(*shots, **changes):
        return {reason.field for reason in engine.unsupported(board(*shots, **changes))}

    assert not fields(brushed, Shot("", 1, last=picture), Shot("", 1, first=picture, last=picture))
    assert fields(replace(brushed, first=None)) == {"shots.strokes", "shots.still"}
    assert fields(replace(brushed, last=picture)) == {"shots.strokes", "shots.still"}


# First and last pictures.


@pytest.mark.parametrize("related", [True, False])
def test_the_first_and_the_last_frame_are_the_pictures(related, engine, asset, read, tmp_path):
    left, right, _ = data.stereo_motorcycle()
    first, last = (left, right) if related else (data.coffee(), data.chelsea())
    shot = Shot("", 1, first=asset("first.png", first), last=asset("last.png", last))
    frames, notes = render(engine, board(shot), read)
    assert notes["method"] == ("morph" if related else "transition")
    shown = decoded(frames, tmp_path / "x.mp4", crf=20)
    assert likeness(shown[0], cut(first)) > 35
    assert likeness(shown[-1], cut(last)) > 35


def cut(rgb):
    """The middle of a picture in the video's aspect."""
    height, width = rgb.shape[:2]
    w, h = min(width, round(height * 1.5)), min(height, round(width / 1.5))
    left, top = (width - w) // 2, (height - h) // 2
    return rgb[top : top + h, left : left + w]


@pytest.mark.parametrize("prompt", ["", "pan right", "push in", "orbit left, handheld"])
def test_a_last_picture_alone_is_arrived_at(prompt, engine, asset, read, tmp_path):
    last = asset("last.png", data.coffee())
    frames, notes = render(engine, board(Shot(prompt, 1, last=last)), read)
    shown = decoded(frames, tmp_path / "x.mp4", crf=20)
    assert likeness(shown[-1], cut(data.coffee())) > 35
    assert likeness(shown[0], cut(data.coffee())) < 26  # an orbit of a second starts close by
    assert notes["method"] == "camera move that arrives at the picture"


# The motion brush.


@pytest.fixture
def brushed(asset):
    """A shot: a red disc goes along an arc over a wall of coffee, beside a part that is still."""
    picture = resize(data.coffee(), 768, 512).copy()
    y, x = np.mgrid[0:512, 0:768]
    picture[np.hypot(x - 150, y - 150) < 50] = (230, 20, 20)
    mask = np.zeros((128, 192), np.uint8)
    mask[np.hypot(*np.mgrid[-37.5:90.5, -37.5:154.5]) < 12.5] = 255
    still = np.zeros((128, 192), np.uint8)
    still[100:] = 255
    angle = np.linspace(np.pi, 0.5, 77)
    path = tuple(Point(400 + 250 * np.cos(a), 200 + 120 * np.sin(a)) for a in angle)
    stroke = Stroke(asset("mask.png", mask), path)
    first, kept = asset("first.png", picture), asset("still.png", still)
    return Shot("", 2, first=first, strokes=(stroke,), still=kept)


def red(frame):
    """The centre of what is red, in pixels."""
    v = frame[HEIGHT * 5 // 4 :].reshape(HEIGHT // 2, WIDTH // 2).astype(float) - 128
    u = frame[HEIGHT : HEIGHT * 5 // 4].reshape(HEIGHT // 2, WIDTH // 2).astype(float) - 128
    weight = np.where((v > 75) & (u < 0), 1.0, 0.0)
    y, x = np.mgrid[0 : HEIGHT // 2, 0 : WIDTH // 2]
    return np.array([(weight * x).sum() * 2 + 0.5, (weight * y).sum() * 2 + 1]) / weight.sum()


def test_a_stroke_follows_its_path_in_the_decoded_video(engine, brushed, read, tmp_path):
    frames, notes = render(engine, board(brushed), read)
    shown = decoded(frames, tmp_path / "x.mp4", crf=17)
    assert notes["method"] == "motion brush"
    assert notes["camera"] == "fixed"
    points = np.array([[p.x, p.y] for p in brushed.strokes[0].path]) / 2
    points += red(shown[0]) - points[0]
    line = np.concatenate([np.linspace(a, b, 20) for a, b in itertools.pairwise(points)])
    for frame in shown:
        assert np.hypot(*(line - red(frame)).T).min() < 2
    assert np.hypot(*(red(shown[-1]) - points[-1])) < 2


def test_still_pixels_do_not_change_in_the_decoded_video(engine, brushed, read, tmp_path):
    shot = replace(brushed, prompt="camera pans left")
    frames, notes = render(engine, board(shot), read)
    assert notes["camera"] == "fixed: a static mask is given"
    shown = np.stack(decoded(frames, tmp_path / "x.mp4", crf=4)).astype(int)
    assert np.ptp(shown[:, 202:HEIGHT], axis=0).max() <= 2


def test_a_named_move_of_the_camera_is_made(engine, brushed, read):
    shot = replace(brushed, prompt="camera pans left", still=None)
    _, notes = render(engine, board(shot), read)
    assert [move["move"] for move in notes["direction"]["moves"]] == ["pan_left"]


def test_a_static_mask_alone_holds_its_part(engine, brushed, read):
    frames, notes = render(engine, board(replace(brushed, strokes=())), read)
    assert notes["method"] == "camera move around a still part"
    assert np.ptp(np.stack(frames)[:, 202:HEIGHT].astype(int), axis=0).max() == 0
    assert np.abs(frames[-1][:60].astype(int) - frames[0][:60]).mean() > 0.5


def test_an_empty_mask_is_refused_in_words(engine, brushed, asset, read):
    stroke = replace(brushed.strokes[0], mask=asset("black.png", np.zeros((128, 192), np.uint8)))
    clip = engine.render(
        board(replace(brushed, strokes=(brushed.strokes[0], stroke))),
        read,
        lambda _: None,
        lambda: False,
    )
    with pytest.raises(InputsRefused, match="stroke 2 is empty"):
        next(clip.frames)


def test_the_encoder_takes_what_it_gives(engine, brushed, read, tmp_path):
    clip = engine.render(board(replace(brushed, seconds=0.5)), read, lambda _: None, lambda: False)
    size = {"width": clip.width, "height": clip.height, "fps": clip.fps}
    assert encode(clip.frames, tmp_path / "x.mp4", **size) == 12


def test_each_prompt_is_read_once(engine, asset, read, monkeypatch):
    first, last = (
        asset(f"{name}.png", picture()[SMALL])
        for name, picture in (("first", data.coffee), ("last", data.chelsea))
    )
    subject = Reference("cat", (last,))
    shots = (
        Shot('the sea, she says "hello"', 0.1),
        Shot("pan left", 0.1, first=first),
        Shot("waves", 0.1, first=first, last=last),
        Shot("<<<cat>>> in a wood", 0.1, references=(subject,)),
        Shot("<<<cat>>> comes in", 0.1, first=first, last=last, references=(subject,)),
    )
    prompts = []

    def count(prompt, *arguments, **options):
        prompts.append(prompt)
        return read_intent(prompt, *arguments, **options)

    monkeypatch.setattr(intents, "read_intent", count)
    render(engine, board(*shots, sound=True), read)
    assert prompts == [shot.prompt for shot in shots]
