"""Looks: each has the figure that makes it what it is, and is still where the picture is still."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from kirin.domain.cast import Cast, Style
from kirin.domain.frame import Frame
from kirin.engines.animatic.look.drawing import CEL_TONES
from kirin.engines.animatic.look.pixel_art import COLOURS
from kirin.engines.animatic.look.styles import Look, look_of
from kirin.media.decode import frames as decoded
from kirin.media.encode import encode
from kirin.vision.planes import Planes, picture_to_frame

WIDTH, HEIGHT, FPS = 640, 360, 24.0
PACES = {Style.SLOW_MOTION, Style.TIME_LAPSE, Style.SHALLOW_FOCUS}
STYLES = [style for style in Style if style not in PACES]
MOVING = {Style.FILM_GRAIN, Style.VHS, Style.VINTAGE}
"""Styles of a medium that moves by itself."""


def scene(shift: int = 0, dark: float = 1.0) -> Frame:
    """A sky, hills, a field, a red house with windows, a ball; ``shift`` moves what is near."""
    x, y = np.arange(WIDTH)[None], np.arange(HEIGHT)[:, None]
    rgb = np.empty((HEIGHT, WIDTH, 3), np.float32)
    rgb[:] = np.array([60.0, 120, 200]) + (y / HEIGHT)[..., None] * np.array([180.0, 130, 40])
    hills = y > 190 + 30 * np.sin(x / 60.0) + 12 * np.sin(x / 17.0)
    rgb[hills] = (60, 110, 60)
    rgb[260:] = (150, 130, 70)
    rgb = np.ascontiguousarray(rgb)
    left = 150 + shift
    cv2.rectangle(rgb, (left, 170), (left + 130, 290), (190.0, 50, 40), -1)
    for k in range(3):
        cv2.rectangle(
            rgb, (left + 15 + 40 * k, 195), (left + 35 + 40 * k, 220), (250.0, 235, 160), -1
        )
    cv2.circle(rgb, (450 + shift, 270), 45, (240.0, 160, 30), -1, cv2.LINE_AA)
    cv2.circle(rgb, (435 + shift, 255), 8, (20.0, 20, 20), -1, cv2.LINE_AA)
    rgb += np.random.default_rng(1).normal(0, 1.0, (HEIGHT, WIDTH, 1)).astype(np.float32)
    return picture_to_frame(np.clip(rgb * dark, 0, 255).astype(np.uint8), WIDTH, HEIGHT)


def look(*styles: Style, samples: tuple[Frame, ...] = ()) -> Look:
    return Look(styles, (WIDTH, HEIGHT), FPS, 7, samples)


def styled(style: Style, frame: Frame | None = None, index: int = 3) -> Planes:
    return Planes.of_frame(look(style).apply(scene() if frame is None else frame, index))


def luma(planes: Planes) -> NDArray[np.float64]:
    return planes.y.astype(float)


def colour(planes: Planes) -> NDArray[np.float64]:
    """Chroma of each sample as its distance from grey."""
    u, v = planes.u.astype(np.float64) - 128, planes.v.astype(np.float64) - 128
    return np.asarray(np.hypot(u, v), np.float64)


def seen(tmp_path: Path, frames: list[Frame]) -> list[NDArray[np.uint8]]:
    """The frames as a viewer sees them: encoded, written, decoded; RGB."""
    video = tmp_path / "look.mp4"
    encode(iter(frames), video, width=WIDTH, height=HEIGHT, fps=Fraction(24))
    return list(decoded(video))


@pytest.mark.parametrize("style", STYLES)
def test_frames_are_valid_and_the_given_ones_stay_as_they_are(style: Style) -> None:
    frame = scene()
    before = frame.copy()
    out = look(style).apply(frame, 5)
    assert (frame == before).all()
    assert out is not frame
    assert out.shape == frame.shape
    assert out.flags.c_contiguous
    planes = Planes.of_frame(out)
    assert planes.y.min() >= 16
    assert planes.y.max() <= 235
    assert min(planes.u.min(), planes.v.min()) >= 16
    assert max(planes.u.max(), planes.v.max()) <= 240
    assert (
        np.abs(luma(planes) - luma(Planes.of_frame(frame))).mean() > 2 or colour(planes).std() > 2
    )


@pytest.mark.parametrize("style", STYLES)
def test_a_frame_depends_on_its_number_and_not_on_the_order(style: Style) -> None:
    one, other = look(style), look(style)
    first = [one.apply(scene(), index) for index in (0, 9)]
    again = [other.apply(scene(), index) for index in (9, 0)][::-1]
    assert all((a == b).all() for a, b in zip(first, again, strict=True))


@pytest.mark.parametrize("style", [style for style in STYLES if style not in MOVING])
def test_a_still_picture_stays_still(style: Style) -> None:
    applied = look(style)
    rng = np.random.default_rng(4)

    def grainy() -> Frame:
        """The same picture under the grain of the scene's own finish."""
        frame = scene()
        planes = Planes.of_frame(frame)
        noise = rng.normal(0, 0.9, planes.y.shape)
        planes.y[:] = np.clip(np.round(planes.y + noise), 16, 235)
        return frame

    a, b = (Planes.of_frame(applied.apply(grainy(), index)) for index in (10, 11))
    # Contrast makes the grain stronger too.
    hard = style in (Style.NOIR, Style.HIGH_CONTRAST)
    assert np.abs(luma(a) - luma(b)).mean() < (2.2 if hard else 1.6)


@pytest.mark.parametrize("style", STYLES)
def test_brightness_does_not_flicker_while_things_move(style: Style) -> None:
    applied = look(style)
    frames = [applied.apply(scene(3 * index), index) for index in range(8)]
    means = [luma(Planes.of_frame(frame)).mean() for frame in frames]
    assert max(abs(a - b) for a, b in pairwise(means)) < 2.0


# In a sketch it is told by its outline, which has a test of its own.
@pytest.mark.parametrize("style", [style for style in STYLES if style is not Style.SKETCH])
def test_the_subject_can_be_told_from_what_is_behind_it(style: Style) -> None:
    planes = styled(style)
    y, u, v = luma(planes), planes.u.astype(float), planes.v.astype(float)
    ball = (slice(262, 290), slice(455, 480))
    around = (slice(262, 290), slice(520, 560))
    half = [tuple(slice(s.start // 2, s.stop // 2) for s in area) for area in (ball, around)]
    apart = abs(y[ball].mean() - y[around].mean())
    apart += sum(abs(plane[half[0]].mean() - plane[half[1]].mean()) for plane in (u, v))
    assert apart > 6


def test_colours_of_film() -> None:
    for style in (Style.BLACK_AND_WHITE, Style.NOIR):
        for frame in (scene(), scene(dark=0.3)):
            planes = styled(style, frame)
            assert (planes.u == 128).all()
            assert (planes.v == 128).all()
    sepia = styled(Style.SEPIA)
    # Brown: less blue and more red than grey everywhere, and one hue.
    assert sepia.u.max() < 128 < sepia.v.min()
    hue = np.arctan2(sepia.v.astype(float) - 128, sepia.u.astype(float) - 128)
    assert hue.std() < 0.15
    assert colour(sepia).mean() > 10


def test_no_colour_comes_back_after_the_encoder(tmp_path: Path) -> None:
    applied = look(Style.BLACK_AND_WHITE, Style.VHS)
    frames = [applied.apply(scene(2 * index), index) for index in range(6)]
    for picture in seen(tmp_path, frames):
        spread = picture.max(axis=-1).astype(int) - picture.min(axis=-1)
        assert spread.max() <= 2


def test_noir_is_dark_and_hard() -> None:
    plain, noir = luma(Planes.of_frame(scene())), luma(styled(Style.NOIR))
    assert np.median(noir) < np.median(plain) - 25
    assert (noir < 60).mean() > 0.25
    # Corners are in the dark, and bars of light cross the sky.
    assert noir[:40, :40].mean() < 0.6 * noir[60:120, 280:360].mean()
    column = cv2.GaussianBlur(noir, (0, 0), 3)[20:160, 320]
    assert (np.diff(np.sign(np.diff(column))) != 0).sum() >= 4


def test_high_contrast_spreads_tones_and_colours() -> None:
    plain, hard = Planes.of_frame(scene()), styled(Style.HIGH_CONTRAST)
    assert luma(hard).std() > 1.2 * luma(plain).std()
    assert colour(hard).mean() > 1.2 * colour(plain).mean()


def test_grain_is_visible_and_moves(tmp_path: Path) -> None:
    grey = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
    applied = look(Style.FILM_GRAIN)
    noise = [luma(Planes.of_frame(applied.apply(grey, index))) - 128 for index in range(8)]
    for one in noise:
        assert 6 < one.std() < 12
        assert abs(one.mean()) < 0.6
    for one, other in pairwise(noise):
        assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 0.05
    pictures = seen(tmp_path, [applied.apply(grey, index) for index in range(8)])
    grain = [picture[..., 1].astype(float) for picture in pictures]
    assert min(one.std() for one in grain) > 3
    assert np.corrcoef(grain[3].ravel(), grain[4].ravel())[0, 1] < 0.3


def test_tape_bleeds_colour_wavers_and_has_lines() -> None:
    plain, tape = Planes.of_frame(scene()), styled(Style.VHS)
    # Colour is much softer across than it was: at the house's right wall.
    across = [
        np.abs(np.diff(p.v[100:130, 120:160].astype(float), axis=1)).max() for p in (plain, tape)
    ]
    assert across[1] < 0.45 * across[0]
    # Lines of the tube: luma has a period of 2 rows at this size.
    flat = luma(Planes.of_frame(look(Style.VHS).apply(np.full_like(scene(), 128), 3)))[:300]
    assert abs(flat[::2].mean() - flat[1::2].mean()) > 5
    # Lines waver from frame to frame, and below the heads switch.
    applied = look(Style.VHS)
    a, b = (luma(Planes.of_frame(applied.apply(scene(), index))) for index in (3, 4))
    assert np.abs(a - b).mean() > 1.5
    assert np.abs(a - b)[-8:].mean() > 2 * np.abs(a - b)[100:200].mean()


def test_vintage_is_faded_warm_and_dusty() -> None:
    plain, old = Planes.of_frame(scene(dark=0.8)), styled(Style.VINTAGE, scene(dark=0.8))
    assert luma(old).min() > luma(plain).min() - 2
    assert np.percentile(luma(old), 1) > 24
    assert old.u.mean() < plain.u.mean() - 3
    assert old.v.mean() > plain.v.mean() + 3
    # A leak of light at one side, in orange.
    edges = [old.v[:, :12].mean(), old.v[:, -12:].mean()]
    assert max(edges) > min(edges) + 8
    # Specks: pixels that are other ones in the next frame.
    applied = look(Style.VINTAGE)
    a, b = (luma(Planes.of_frame(applied.apply(scene(), index))) for index in (40, 41))
    changed = np.abs(a - b) > 12
    assert 0 < changed.mean() < 0.01


def test_paintings_have_less_detail_and_their_own_surface() -> None:
    frame = scene()
    planes = Planes.of_frame(frame)
    rng = np.random.default_rng(2)
    planes.y[:] = np.clip(planes.y + rng.normal(0, 6, planes.y.shape), 16, 235)
    for style in (Style.WATERCOLOUR, Style.OIL, Style.PASTEL):
        one = luma(styled(style, frame))
        # The texture is that of the paper or the canvas: the same over another picture.
        sky = (slice(60, 120), slice(300, 420))
        fine = [
            (part - cv2.GaussianBlur(part, (0, 0), 3))[sky].ravel()
            for part in (one, luma(styled(style, scene())))
        ]
        assert np.corrcoef(fine[0], fine[1])[0, 1] > 0.6
        assert fine[0].std() > 0.8


def test_watercolour_leaves_paper_bare_and_edges_dark() -> None:
    painted = styled(Style.WATERCOLOUR)
    y = luma(painted)
    border = np.concatenate([y[:4].ravel(), y[-4:].ravel(), y[:, :4].ravel(), y[:, -4:].ravel()])
    assert np.median(border) > 225
    assert colour(painted)[60:120, 60:260].mean() > 8


def test_ink_wash_is_grey_on_much_paper() -> None:
    wash = styled(Style.INK_WASH)
    assert colour(wash).max() < 14
    y = luma(wash)
    assert (y > 200).mean() > 0.25
    assert (y < 80).mean() > 0.01


@pytest.mark.parametrize("dark", [1.0, 0.35])
def test_sketch_is_lines_on_paper_by_day_and_by_night(dark: float) -> None:
    drawn = styled(Style.SKETCH, scene(dark=dark))
    y = luma(drawn)
    assert colour(drawn).max() < 3
    assert (y > 190).mean() > 0.33
    assert 0.015 < (y < 90).mean() < 0.30
    # The outline of the ball is darker than both of its sides.
    edge = cv2.GaussianBlur(y, (0, 0), 1.0)
    ring = [
        edge[270 + round(r * np.sin(a)), 450 + round(r * np.cos(a))]
        for r in (45, 46, 47)
        for a in np.linspace(-1.2, 1.2, 40)
    ]
    inside = [
        edge[270 + round(30 * np.sin(a)), 450 + round(30 * np.cos(a))]
        for a in np.linspace(-1.2, 1.2, 40)
    ]
    assert np.mean(ring) < np.mean(inside) - 15


def test_a_sketch_does_not_swim_with_the_noise_of_a_video() -> None:
    noisy = []
    for seed in (1, 2):
        frame = scene()
        noise = np.random.default_rng(seed).normal(0, 3, frame.shape)
        noisy.append(np.clip(frame + noise, 16, 235).astype(np.uint8))
    one, two = (luma(styled(Style.SKETCH, frame)) for frame in noisy)
    assert np.abs(one - two).mean() < 1.5


def test_cel_has_few_tones_and_dark_outlines(tmp_path: Path) -> None:
    applied = look(Style.CEL)
    planes = Planes.of_frame(applied.apply(scene(), 0))
    near = np.abs(luma(planes)[..., None] - np.array(CEL_TONES)).min(axis=-1)
    assert (near <= 2).mean() > 0.82
    # Outlines are darker than the darkest paint.
    assert 0.005 < (luma(planes) < CEL_TONES[0] - 2).mean() < 0.15
    pictures = seen(tmp_path, [applied.apply(scene(index), index) for index in range(4)])
    back = picture_to_frame(pictures[2], WIDTH, HEIGHT)
    near = np.abs(luma(Planes.of_frame(back))[..., None] - np.array(CEL_TONES)).min(axis=-1)
    assert (near <= 4).mean() > 0.75


def test_pixel_art_has_one_palette_and_a_grid() -> None:
    frames = [scene(40 * index, dark=1 - 0.1 * index) for index in range(5)]
    applied = look(Style.PIXEL_ART, samples=(frames[0], frames[-1]))
    colours: set[tuple[int, ...]] = set()
    for index, frame in enumerate(frames):
        planes = Planes.of_frame(applied.apply(frame, index))
        cells = planes.y.reshape(HEIGHT // 4, 4, WIDTH // 4, 4)
        assert (cells == cells[:, :1, :, :1]).all()
        triples = np.stack([planes.y[::4, ::4], planes.u[::2, ::2], planes.v[::2, ::2]], axis=-1)
        colours |= {tuple(each) for each in triples.reshape(-1, 3).tolist()}
    assert 8 < len(colours) <= COLOURS


def test_pixel_art_without_samples_takes_the_first_frame() -> None:
    one, other = look(Style.PIXEL_ART), look(Style.PIXEL_ART, samples=(scene(),))
    assert (one.apply(scene(), 0) == other.apply(scene(), 0)).all()


def test_pastel_is_light_and_low_in_contrast() -> None:
    for dark in (1.0, 0.35):
        chalk = styled(Style.PASTEL, scene(dark=dark))
        assert np.percentile(luma(chalk), 2) > 70
        assert luma(chalk).mean() > 118
        assert colour(chalk).mean() > 5


def test_neon_is_dark_with_bright_coloured_edges() -> None:
    neon = styled(Style.NEON)
    y = luma(neon)
    assert np.median(y) < 70
    assert 0.004 < (y > 170).mean() < 0.15
    small = cv2.resize(y, (WIDTH // 2, HEIGHT // 2), interpolation=cv2.INTER_AREA)
    glowing = (small > 60) & (small < 170)
    assert colour(neon)[glowing].mean() > 18  # 20.2 as measured


def test_low_poly_is_flat_triangles_that_keep_their_places() -> None:
    poly = luma(styled(Style.LOW_POLY))
    step = np.hypot(np.diff(poly, axis=0)[:, :-1], np.diff(poly, axis=1)[:-1])
    assert (step < 0.5).mean() > 0.38
    assert (step > 2).mean() > 0.04
    # A move of one pixel moves the picture a little: no corner jumps.
    applied = look(Style.LOW_POLY)
    a, b = (luma(Planes.of_frame(applied.apply(scene(k), 0))) for k in (0, 1))
    plain = [luma(Planes.of_frame(scene(k))) for k in (0, 1)]
    assert np.abs(a - b).mean() < 2.0 * np.abs(plain[0] - plain[1]).mean() + 0.5


def test_styles_combine_in_one_order_whatever_the_prompt_says() -> None:
    a = look(Style.FILM_GRAIN, Style.BLACK_AND_WHITE, Style.PASTEL)
    b = look(Style.PASTEL, Style.FILM_GRAIN, Style.BLACK_AND_WHITE)
    assert a.styles == b.styles == (Style.PASTEL, Style.BLACK_AND_WHITE, Style.FILM_GRAIN)
    one, other = a.apply(scene(), 2), b.apply(scene(), 2)
    assert (one == other).all()
    assert (Planes.of_frame(one).u == 128).all()


def test_a_cast_without_a_style_leaves_frames_alone() -> None:
    frame = scene()
    assert (
        look_of(Cast(styles=(Style.SLOW_MOTION,)), (WIDTH, HEIGHT), FPS, 1).apply(frame, 0) is frame
    )
    assert look_of(Cast(styles=(Style.NOIR,)), (WIDTH, HEIGHT), FPS, 1).styles == (Style.NOIR,)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("size", [(180, 320), (200, 200), (322, 182)])
def test_every_shape_of_frame_can_be_styled(style: Style, size: tuple[int, int]) -> None:
    small = cv2.resize(Planes.of_frame(scene()).to_rgb(), size)
    frame = picture_to_frame(np.asarray(small, np.uint8), *size)
    out = Look((style,), size, FPS, 1).apply(frame, 0)
    assert out.shape == frame.shape
    assert out[: size[1]].std() > 3
