"""Tiny networks of the same signature as the optional ones: what they compute is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper, save_model


def tiny_depth(path: Path) -> Path:
    """Disparity is the brightness of what it is given."""
    return _save(
        path,
        [
            helper.make_node(
                "ReduceMean", ["pixel_values"], ["predicted_depth"], axes=[1], keepdims=0
            )
        ],
        {"pixel_values": (TensorProto.FLOAT, [1, 3, "h", "w"])},
        {"predicted_depth": (TensorProto.FLOAT, [1, "h", "w"])},
    )


def tiny_mask(path: Path) -> Path:
    """The subject is what is brighter than the middle, in half precision as the real one."""
    return _save(
        path,
        [
            helper.make_node("ReduceMean", ["input_image"], ["grey"], axes=[1], keepdims=1),
            helper.make_node("Mul", ["grey", "gain"], ["output_image"]),
        ],
        {"input_image": (TensorProto.FLOAT16, [1, 3, 1024, 1024])},
        {"output_image": (TensorProto.FLOAT16, [1, 1, 1024, 1024])},
        {"gain": np.array(8, np.float16)},
    )


def tiny_fill(path: Path) -> Path:
    """Holes become the mean colour of what is around them; 0 to 255, as the real one."""
    return _save(
        path,
        [
            helper.make_node("Sub", ["one", "mask"], ["kept"]),
            helper.make_node("ReduceSum", ["image", "sides"], ["total"], keepdims=1),
            helper.make_node("ReduceSum", ["kept", "sides"], ["count"], keepdims=1),
            helper.make_node("Div", ["total", "count"], ["mean"]),
            helper.make_node("Mul", ["mean", "mask"], ["filled"]),
            helper.make_node("Add", ["image", "filled"], ["whole"]),
            helper.make_node("Mul", ["whole", "white"], ["output"]),
        ],
        {
            "image": (TensorProto.FLOAT, [1, 3, 512, 512]),
            "mask": (TensorProto.FLOAT, [1, 1, 512, 512]),
        },
        {"output": (TensorProto.FLOAT, [1, 3, 512, 512])},
        {
            "one": np.array(1, np.float32),
            "white": np.array(255, np.float32),
            "sides": np.array([2, 3], np.int64),
        },
    )


Facts = Mapping[str, tuple[int, list[int | str]]]
"""Type and shape by name."""


def _save(
    path: Path,
    nodes: Sequence[NodeProto],
    inputs: Facts,
    outputs: Facts,
    constants: Mapping[str, NDArray[Any]] | None = None,
) -> Path:
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, *facts) for name, facts in inputs.items()],
        [helper.make_tensor_value_info(name, *facts) for name, facts in outputs.items()],
        [numpy_helper.from_array(value, name) for name, value in (constants or {}).items()],
    )
    model: ModelProto = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8
    )
    save_model(model, path)
    return path
