"""That lips follow a voice in the frames that a viewer sees, and that all else stays as it is."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.lips import FaceBox, FaceTrack, LipSync, Speech
from kirin.domain.soundtrack import RATE
from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.animatic.engine import AnimaticEngine
from kirin.errors import InputsRefused, Stopped
from kirin.media.decode import planes_at
from kirin.media.encode import encode
from kirin.vision.face.estimator import FaceEstimator
from kirin.vision.face.face import LOWER_LIDS
from kirin.vision.planes import Planes
from support.sound import heard
from support.talkers import film, heads, write_wav
from support.voices import babble

WIDTH, HEIGHT, FPS, SECONDS = 640, 360, 25, 3.6
INSERT, START = 0.4, 0.2
SIDE = 260
ONE, OTHER = heads(SIDE)
PLACES = {"1": (30.0, 60.0), "2": (350.0, 70.0)}
SPOKEN = babble("aeao auia o ", step=0.24, pause=0.08)
LENGTH = SPOKEN.shape[1] / RATE


def scene(seconds):
    """Both sway a little, as people do."""
    away = 3 * np.sin(2 * seconds)
    return [
        (head, (x + away, y)) for head, (x, y) in zip((ONE, OTHER), PLACES.values(), strict=True)
    ]


def box(name):
    x, y = PLACES[name]
    return FaceBox(0.0, x + 60, y + 50, x + SIDE - 60, y + SIDE - 40)


def track(name, *, since=0.0, until=SECONDS):
    here = box(name)
    times = np.arange(since, until + 0.1, 0.25)
    return FaceTrack(name, tuple(replace(here, seconds=float(time)) for time in times))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("lips")
    film(path / "video.mp4", scene, seconds=SECONDS, fps=FPS)
    quiet = np.zeros((2, round(START * RATE)), np.float32)
    write_wav(path / "voice.wav", np.concatenate([quiet, SPOKEN * 2], 1))
    return path


@pytest.fixture(scope="module")
def engine():
    return AnimaticEngine()


def board(*speeches, fps=Fraction(FPS), video="video.mp4"):
    shown = Asset(video, AssetKind.VIDEO, "video/mp4", 1, WIDTH, HEIGHT, SECONDS, fps)
    return Storyboard(
        "kirin_lipsync", WIDTH, HEIGHT, fps, (Shot("", SECONDS),), lips=LipSync(shown, speeches)
    )


def speech(face, **changes):
    sound = Asset("voice.wav", AssetKind.AUDIO, "audio/wav", 1, 0, 0, START + LENGTH)
    return replace(Speech(face, sound, START, START + LENGTH, INSERT), **changes)


def render(engine, storyboard, folder):
    assert engine.unsupported(storyboard) == []
    told = []
    clip = engine.render(storyboard, lambda a: folder / a.sha256, told.append, lambda: False)
    frames = list(clip.frames)
    assert len(frames) == clip.frame_count == storyboard.frame_count
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1)
    return frames, clip


@pytest.fixture(scope="module")
def source(folder):
    times = [number / FPS for number in range(round(SECONDS * FPS))]
    return [planes for _, planes in planes_at(folder / "video.mp4", times, WIDTH, HEIGHT)]


@pytest.fixture(scope="module")
def made(engine, folder):
    """Person 1 speaks: the frames, the clip, and the file that a viewer gets."""
    storyboard = board(speech(track("1")))
    frames, clip = render(engine, storyboard, folder)
    path = folder / "made.mp4"
    size = {"width": WIDTH, "height": HEIGHT, "fps": Fraction(FPS)}
    encode(iter(frames), path, **size, audio=clip.audio)
    return frames, clip, path


@pytest.fixture(scope="module")
def opening(made):
    """Gap of the lips of each decoded frame by the mesh found anew, over the eyes' distance."""
    _, _, path = made
    estimator = FaceEstimator()
    times = [number / FPS for number in range(round(SECONDS * FPS))]
    x, y = (int(value) for value in PLACES["1"])
    found = []
    for _, planes in planes_at(path, times, WIDTH, HEIGHT):
        rgb = Planes.of_frame(planes).to_rgb()
        (face,) = estimator.find(np.ascontiguousarray(rgb[y - 10 :, x - 10 : x + SIDE + 10]))
        eyes = face.points[LOWER_LIDS[1][0]] - face.points[LOWER_LIDS[0][0]]
        gap = face.points[[87, 14, 317]] - face.points[[82, 13, 312]]
        found.append(float(np.hypot(*gap.T).mean() / np.hypot(*eyes)))
    return np.array(found)


def loudness(seconds):
    """Loudness of the voice around a moment of the video: Stevens's power law of its pressure."""
    first = round((seconds - INSERT - 0.02) * RATE)
    part = SPOKEN[0, max(0, first) : max(0, first + round(0.04 * RATE))]
    return float(np.sqrt(np.mean(part**2)) ** 0.6) if part.size else 0.0


def speaking():
    """Numbers of the frames in which the mouth has gone over to the voice."""
    return np.arange(round((INSERT + 0.12) * FPS), round((INSERT + LENGTH - 0.12) * FPS))


def test_the_mouth_opens_as_loud_as_the_voice(opening):
    numbers = speaking()
    loud = np.array([loudness((number + 0.5) / FPS) for number in numbers])
    assert np.corrcoef(opening[numbers], loud)[0, 1] >= 0.7
    assert np.ptp(opening[numbers]) > 0.06


def test_lips_and_sound_are_within_40_ms(opening):
    """The lag at which opening and loudness agree best, in steps of 5 ms."""
    numbers = speaking()
    lags = np.arange(-0.2, 0.2001, 0.005)
    fit = [
        np.corrcoef(opening[numbers], [loudness((n + 0.5) / FPS - lag) for n in numbers])[0, 1]
        for lag in lags
    ]
    assert abs(lags[int(np.argmax(fit))]) <= 0.040


def teeth(frame):
    """How much brighter it gets within eight rows below the darkest one of a mouth's middle."""
    x, y = (int(value) for value in PLACES["1"])
    rows = frame[y + 150 : y + 182, x + 118 : x + 142].astype(float).mean(axis=1)
    darkest = int(rows[:16].argmin())
    return float(rows[darkest : darkest + 8].max() - rows[darkest])


def test_silence_closes_a_mouth_that_smiles_with_its_teeth(opening, made, source):
    """Syllables 5 and 10 are silent; before and after the voice she smiles as in the video.

    The mesh takes lips for parted that are drawn apart; so no teeth must be seen either.
    """
    pauses = [round((INSERT + 0.24 * number + 0.16) * FPS) for number in (4, 9)]
    smiling = opening[: round(INSERT * FPS) - 1].mean()
    assert smiling > 0.1
    # About a half, and a little more or less with what the processor makes of the mesh network.
    assert max(opening[pauses]) < 0.6 * smiling
    assert opening[-3:].mean() == pytest.approx(smiling, rel=0.2)
    frames, _, _ = made
    for number in pauses:
        assert teeth(frames[number]) < 0.4 * teeth(source[number])


def test_a_smile_passes_into_speech_and_back_without_a_jump(opening):
    """From the video's smile to the voice and from the voice to the smile, frame by frame."""
    smiling = opening[: round((INSERT - 0.2) * FPS)].mean()
    since, until = round((INSERT - 0.2) * FPS), round((INSERT + LENGTH - 0.12) * FPS)
    for part in (opening[since - 1 : since + 7], opening[until - 1 : until + 9]):
        assert np.abs(np.diff(part)).max() < 0.25 * smiling


def test_teeth_of_an_open_mouth_are_those_of_the_video(opening, made, source):
    """Upper teeth stay with the head: just below the upper lip pixels are as they were."""
    frames, _, _ = made
    numbers = speaking()
    number = int(numbers[opening[numbers].argmax()])
    (face,) = FaceEstimator().find(np.ascontiguousarray(cut(frames[number])))
    left, top = np.round(face.points[[82, 13, 312]].mean(axis=0)).astype(int)
    rows, columns = slice(top + 1, top + 6), slice(left - 9, left + 10)
    shown, own = (cut(each[number])[rows, columns].astype(float) for each in (frames, source))
    assert np.corrcoef(shown.ravel(), own.ravel())[0, 1] > 0.5


def cut(frame):
    """Person 1 in RGB."""
    x, y = (int(value) for value in PLACES["1"])
    return Planes.of_frame(frame).to_rgb()[y - 10 : y + 300, x - 10 : x + SIDE + 10]


def psnr(a, b):
    error = np.mean((a.astype(float) - b.astype(float)) ** 2)
    return np.inf if error == 0 else 10 * np.log10(255**2 / error)


def outside(frame, name="1", margin=24):
    """The luma of a frame without the face of a person."""
    luma = frame[:HEIGHT].copy()
    here = box(name)
    rows = slice(max(0, round(here.top - margin)), round(here.bottom + margin))
    luma[rows, round(here.left - margin) : round(here.right + margin)] = 0
    return luma


def test_all_but_the_face_is_bit_identical_before_encoding(made, source):
    frames, _, _ = made
    for frame, before in zip(frames, source, strict=True):
        assert np.array_equal(outside(frame), outside(before))
    assert any(not np.array_equal(*pair) for pair in zip(frames, source, strict=True))


def test_all_but_the_face_is_as_good_as_any_encoding(made, source):
    """What a viewer gets; the encoder alone loses as much."""
    _, _, path = made
    times = [number / FPS for number in range(len(source))]
    seen = [planes for _, planes in planes_at(path, times, WIDTH, HEIGHT)]
    worst = min(psnr(outside(a), outside(b)) for a, b in zip(seen, source, strict=True))
    assert worst > 38


def test_before_and_after_the_voice_frames_are_the_videos(made, source):
    frames, _, _ = made
    change = 0.2  # seconds in which the mouth passes over to the voice, and back
    first, last = round((INSERT - change) * FPS), round((INSERT + LENGTH + change) * FPS)
    quiet = [*range(first - 1), *range(last + 1, 90)]
    assert len(quiet) > 5
    assert all(np.array_equal(frames[number], source[number]) for number in quiet)


def test_the_upper_half_of_the_face_is_still(made, source):
    frames, _, _ = made
    x, y = (int(value) for value in PLACES["1"])
    eyes = slice(y + 60, y + 125), slice(x + 50, x + SIDE - 50)
    assert all(np.array_equal(a[eyes], b[eyes]) for a, b in zip(frames, source, strict=True))


def test_only_the_chosen_face_moves(engine, folder, source):
    frames, clip = render(engine, board(speech(track("2"))), folder)
    middle = slice(0, HEIGHT), slice(0, WIDTH // 2)
    assert all(np.array_equal(a[middle], b[middle]) for a, b in zip(frames, source, strict=True))
    number = int(speaking()[len(speaking()) // 2])
    assert not np.array_equal(frames[number][:HEIGHT], source[number][:HEIGHT])
    assert clip.notes["speeches"] == [
        {"face": "2", "frames": round(LENGTH * FPS), "moved": round(LENGTH * FPS)}
    ]


def test_the_voice_is_heard_where_it_is_inserted(made):
    _, _, path = made
    rate, sound = heard(path)
    loud = np.abs(sound).max(0)
    assert loud[: round((INSERT - 0.03) * rate)].max() < 0.01
    said = sound[0, round(INSERT * rate) :][: SPOKEN.shape[1]]
    assert np.corrcoef(said, SPOKEN[0, : len(said)])[0, 1] > 0.95
    assert sound.shape[1] / rate == pytest.approx(SECONDS, abs=0.03)


def test_frames_without_the_face_are_left_and_told(engine, folder, source):
    """The face is told to be there until 1.5 s only, and another place has no face."""
    frames, clip = render(engine, board(speech(track("1", until=1.5))), folder)
    (told,) = clip.notes["speeches"]
    (missing,) = told["missing"]
    assert missing["why"] == "the face is not in the picture"
    assert missing["start"] == pytest.approx(1.54, abs=0.09)
    assert missing["end"] == pytest.approx(INSERT + LENGTH, abs=0.05)
    assert told["moved"] < told["frames"]
    assert all(np.array_equal(frames[n], source[n]) for n in range(42, len(source)))
    nowhere = FaceTrack("3", (FaceBox(0, 5, 5, 45, 45), FaceBox(0.7, 5, 5, 45, 45)))
    frames, clip = render(engine, board(speech(nowhere)), folder)
    (told,) = clip.notes["speeches"]
    assert told["moved"] == 0
    assert told["missing"][0]["why"] == "the face is not found"
    assert all(np.array_equal(a, b) for a, b in zip(frames, source, strict=True))


def test_a_face_too_small_to_be_moved_is_told(engine, folder):
    small, _ = heads(56)
    film(folder / "small.mp4", lambda _: [(small, (200.0, 100.0))], seconds=SECONDS, fps=FPS)
    here = FaceTrack("1", tuple(FaceBox(t, 212, 112, 244, 148) for t in np.arange(0, 4, 0.5)))
    _, clip = render(engine, board(speech(here), video="small.mp4"), folder)
    (told,) = clip.notes["speeches"]
    assert told["moved"] == 0
    assert {each["why"] for each in told["missing"]} <= {
        "the mouth is too small",
        "the face is not found",
    }


def test_a_sound_without_a_voice_is_told(engine, folder):
    write_wav(folder / "still.wav", np.zeros((2, 3 * RATE), np.float32))
    sound = Asset("still.wav", AssetKind.AUDIO, "audio/wav", 1, 0, 0, 3.0)
    quiet = speech(track("1"), sound=sound, start=0.0, end=2.0)
    _, clip = render(engine, board(quiet), folder)
    assert clip.notes["speeches"][0]["missing"] == [{"why": "no voice is heard in the sound"}]


def test_a_sound_that_is_none_is_refused(engine, folder):
    bad = speech(track("1"), sound=Asset("video.mp4", AssetKind.AUDIO, "audio/mp4", 1, 0, 0, 3.0))
    with pytest.raises(InputsRefused, match="no sound") as refused:
        engine.render(board(bad), lambda a: folder / a.sha256, lambda _: None, lambda: False)
    assert refused.value.field == "lips"


def test_a_cancelled_task_stops(engine, folder):
    clip = engine.render(
        board(speech(track("1"))), lambda a: folder / a.sha256, lambda _: None, lambda: True
    )
    with pytest.raises(Stopped):
        next(clip.frames)


def test_lips_and_a_driving_video_or_two_shots_are_refused(engine):
    storyboard = board(speech(track("1")))
    two = replace(storyboard, shots=(Shot("", 1.0), Shot("", 1.0)))
    assert [each.field for each in engine.unsupported(two)] == ["lips"]
    assert engine.preview(storyboard) == {}


@pytest.mark.usefixtures("looked_at_anew")
def test_the_same_request_makes_the_same_frames(made, engine, folder):
    frames, _, _ = made
    again, _ = render(engine, board(speech(track("1"))), folder)
    assert all(np.array_equal(a, b) for a, b in zip(frames, again, strict=True))


def test_faces_of_another_size_are_scaled_to_the_video(engine, folder):
    """A storyboard of half the size: boxes stay in pixels of the video as displayed."""
    storyboard = replace(board(speech(track("1"))), width=WIDTH // 2, height=HEIGHT // 2)
    clip = engine.render(
        storyboard, lambda a: Path(folder / a.sha256), lambda _: None, lambda: False
    )
    frames = list(clip.frames)
    assert frames[0].shape == (HEIGHT // 2 * 3 // 2, WIDTH // 2)
    assert clip.notes["speeches"][0]["moved"] == round(LENGTH * FPS)
