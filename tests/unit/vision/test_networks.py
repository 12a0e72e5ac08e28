"""Optional networks: how their weights come in, and what is done with what they say."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.animatic.engine import AnimaticEngine
from kirin.errors import KirinError
from kirin.vision.models import VisionModels
from kirin.vision.networks.depth_network import DepthNetwork
from kirin.vision.networks.fill_network import FillNetwork
from kirin.vision.networks.mask_network import MaskNetwork
from kirin.vision.networks.optional import DEPTH, FILL, MASK, OPTIONAL_NETWORKS
from kirin.vision.networks.store import (
    ChangedWeights,
    DamagedWeights,
    FetchedWeights,
    NetworkStore,
    digest,
)
from support.tiny_networks import tiny_depth, tiny_fill, tiny_mask

MAKERS = {"depth": tiny_depth, "mask": tiny_mask, "fill": tiny_fill}


@pytest.fixture
def store(tmp_path):
    return NetworkStore(tmp_path / "networks")


def local(path):
    return FetchedWeights(path, "file", "", "Apache-2.0")


@pytest.mark.parametrize("id", OPTIONAL_NETWORKS)
def test_what_is_added_is_recorded_and_used(store, tmp_path, id) -> None:
    network = OPTIONAL_NETWORKS[id]
    source = MAKERS[id](tmp_path / "weights.onnx")
    models = VisionModels(store)
    record = store.add(network, local(source))
    assert (record.size, record.sha256) == (source.stat().st_size, digest(source))
    assert store.installed(network) == record
    assert getattr(models, id) is not None
    assert models.in_use == {id: network.name}
    assert source.exists()


def test_nothing_is_used_that_is_not_installed(store) -> None:
    models = VisionModels(store)
    assert models.depth is None
    assert models.mask is None
    assert models.fill is None
    assert models.in_use == {}
    assert VisionModels().depth is None


def test_a_file_of_another_network_is_refused(store, tmp_path) -> None:
    with pytest.raises(KirinError, match="is not BiRefNet lite: it takes pixel_values"):
        store.add(MASK, local(tiny_depth(tmp_path / "depth.onnx")))
    junk = tmp_path / "junk.onnx"
    junk.write_bytes(b"not a network")
    with pytest.raises(KirinError, match="cannot be loaded as LaMa"):
        store.add(FILL, local(junk))
    assert store.installed(MASK) is None
    assert store.installed(FILL) is None


def test_damaged_weights_are_told_and_not_used(store, tmp_path) -> None:
    store.add(DEPTH, local(tiny_depth(tmp_path / "depth.onnx")))
    path = store.path(DEPTH)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(DamagedWeights, match="kirin weights add depth"):
        store.path(DEPTH)
    models = VisionModels(store)
    assert models.depth is None
    assert models.in_use == {}
    path.write_bytes(content[:-1])
    assert store.installed(DEPTH) is None


def test_other_bytes_under_the_same_name_are_not_taken_by_themselves(store, tmp_path) -> None:
    first = store.add(DEPTH, local(tiny_depth(tmp_path / "depth.onnx")))
    other = tmp_path / "other.onnx"
    # Bytes after the message are an unknown field to protobuf: the same network, another file.
    other.write_bytes((tmp_path / "depth.onnx").read_bytes() + b"\xfa\x3f\x01x")
    assert store.remove(DEPTH)
    assert store.installed(DEPTH) is None
    assert not store.remove(DEPTH)
    with pytest.raises(ChangedWeights, match=first.sha256):
        store.add(DEPTH, local(other))
    assert store.installed(DEPTH) is None
    assert store.add(DEPTH, local(other), accept_change=True).sha256 == digest(other)


def test_depth_is_as_the_network_says_at_the_size_of_the_picture(tmp_path) -> None:
    ramp = np.tile(np.linspace(0, 255, 300).astype(np.uint8)[None, :, None], (200, 1, 3))
    disparity = DepthNetwork(tiny_depth(tmp_path / "depth.onnx")).find(ramp)
    assert disparity.shape == (200, 300)
    assert np.abs(disparity[100].astype(int) - ramp[100, :, 0]).max() <= 4


def test_the_mask_is_a_likelihood(tmp_path) -> None:
    picture = np.zeros((90, 160, 3), np.uint8)
    picture[:, 80:] = 255
    likely = MaskNetwork(tiny_mask(tmp_path / "mask.onnx")).find(picture)
    assert likely.shape == (1024, 1024)
    assert likely[:, :500].max() < 0.01
    assert likely[:, 524:].min() > 0.99


def test_a_fill_changes_the_hole_alone(tmp_path) -> None:
    picture = np.full((300, 400, 3), (40, 120, 200), np.uint8)
    picture[100:140, 150:200] = 255
    hole = np.zeros((300, 400), np.uint8)
    hole[100:140, 150:200] = 255
    network = FillNetwork(tiny_fill(tmp_path / "fill.onnx"))
    filled = network.fill(picture, hole)
    inside = filled[100:140, 150:200].astype(int)
    assert np.abs(inside - (40, 120, 200)).max() <= 2
    assert (filled[hole == 0] == picture[hole == 0]).all()
    assert (network.fill(picture, np.zeros_like(hole)) == picture).all()


def test_the_page_lists_every_network() -> None:
    page = (Path(__file__).parents[3] / "docs/howto/better-eyes.md").read_text("utf-8")
    rows = [
        f"| `{each.id}` | {each.name}: {each.improves} | {each.licence} | <{each.url}> | "
        f"`{each.file}` |"
        for each in OPTIONAL_NETWORKS.values()
    ]
    assert re.findall(r"^\| `.*$", page, re.MULTILINE) == rows


def test_a_finer_network_finds_the_subject(store, tmp_path) -> None:
    store.add(MASK, local(tiny_mask(tmp_path / "mask.onnx")))
    models = VisionModels(store)
    picture = np.full((180, 320, 3), 20, np.uint8)
    picture[60:140, 40:120] = 250
    mask = models.segmenter.find(picture)
    left, top, right, bottom = mask.box
    assert abs(left - 40 / 320) < 0.02
    assert abs(right - 120 / 320) < 0.02
    assert abs(top - 60 / 180) < 0.02
    assert abs(bottom - 140 / 180) < 0.02
    assert models.in_use == {"mask": "BiRefNet lite"}


def test_a_photograph_is_split_and_filled_by_the_networks_that_are_there(store, tmp_path) -> None:
    for network, make in ((DEPTH, tiny_depth), (MASK, tiny_mask), (FILL, tiny_fill)):
        store.add(network, local(make(tmp_path / f"{network.id}.onnx")))
    picture = np.full((180, 320, 3), 60, np.uint8)
    picture[110:] = 90
    picture[50:150, 130:190] = 250
    path = tmp_path / "picture.png"
    Image.fromarray(picture).save(path)
    asset = Asset("x", AssetKind.IMAGE, "image/png", 1, 320, 180)
    shot = Shot("the camera trucks right", 0.5, first=asset)
    board = Storyboard("", 320, 180, Fraction(24), (shot,))
    clip = AnimaticEngine(VisionModels(store)).render(
        board, lambda _: path, lambda _: None, lambda: False
    )
    assert len(list(clip.frames)) == 12
    assert clip.notes["networks"] == {each.id: each.name for each in OPTIONAL_NETWORKS.values()}
