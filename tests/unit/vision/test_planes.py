"""That colours are BT.709, limited range, and chroma sits where H.264 says."""

import av
import numpy as np
import pytest
from av.video.reformatter import ColorRange, Colorspace

from kirin.vision.planes import Planes, new_frame, resize


def flat(red, green, blue):
    return np.full((4, 6, 3), (red, green, blue), np.uint8)


@pytest.mark.parametrize(
    ("rgb", "yuv"),
    [
        ((0, 0, 0), (16, 128, 128)),
        ((255, 255, 255), (235, 128, 128)),
        ((255, 0, 0), (63, 102, 240)),
        ((0, 255, 0), (173, 42, 26)),
        ((0, 0, 255), (32, 240, 118)),
    ],
)
def test_primaries_have_the_code_values_of_bt_709(rgb, yuv):
    planes = Planes.from_rgb(flat(*rgb))
    assert (planes.y[0, 0], planes.u[0, 0], planes.v[0, 0]) == yuv


def test_agrees_with_ffmpeg_told_to_use_bt_709():
    rgb = np.random.default_rng(1).integers(0, 256, (8, 8, 3), np.uint8).repeat(8, 0).repeat(8, 1)
    theirs = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(
        format="yuv444p",
        dst_colorspace=Colorspace.ITU709,
        dst_color_range=ColorRange.MPEG,
    )
    ours = Planes.from_rgb(rgb)
    y, u, v = theirs.to_ndarray()
    # Each rounds once, and FFmpeg in another way on another processor.
    assert np.abs(ours.y - y.astype(int)).max() <= 2
    # Inside the blocks, where siting cannot matter.
    assert np.abs(ours.u[2::4, 2::4] - u[4::8, 4::8].astype(int)).max() <= 2
    assert np.abs(ours.v[2::4, 2::4] - v[4::8, 4::8].astype(int)).max() <= 2


def test_there_and_back_keeps_smooth_pictures():
    y, x = np.mgrid[0:64, 0:96]
    rgb = np.dstack([x * 2, y * 3, 255 - x - y]).astype(np.uint8)
    back = Planes.from_rgb(rgb).to_rgb().astype(int)
    assert np.abs(back - rgb)[2:-2, 2:-2].max() <= 4  # 3 as measured


def test_chroma_sits_left():
    rgb = np.zeros((4, 64, 3), np.uint8)
    rgb[..., 2] = np.arange(64) * 4
    blue = Planes.from_rgb(rgb).u[0, 1:-1]
    at_even_columns = 128 + np.arange(2, 62, 2) * 4 * 112 / 255
    assert np.abs(blue - at_even_columns).max() <= 1


def test_odd_sides_lose_their_last_line():
    planes = Planes.from_rgb(np.zeros((7, 9, 3), np.uint8))
    assert planes.y.shape == (6, 8)
    assert planes.u.shape == planes.v.shape == (3, 4)


def test_planes_of_a_frame_are_views_of_it_in_i420_order():
    frame = new_frame(8, 4)
    planes = Planes.of_frame(frame)
    planes.y[:], planes.u[:], planes.v[:] = 1, 2, 3
    assert frame.shape == (6, 8)
    assert frame.reshape(-1).tolist() == [1] * 32 + [2] * 8 + [3] * 8


def test_resizing_a_part_keeps_its_position_to_a_fraction_of_a_pixel():
    ramp = np.arange(0, 200, dtype=np.uint8)[None, :, None].repeat(20, 0).repeat(3, 2)
    part = resize(ramp, 100, 20, (50.5, 0, 150.5, 20))
    np.testing.assert_allclose(part[10, 5:-5, 0], np.arange(55.5, 145.5) - 0.0, atol=0.51)
