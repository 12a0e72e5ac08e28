"""A part of an ONNX network: what computes some of its values from others."""

from __future__ import annotations

from collections.abc import Sequence

import onnx
from onnx import TensorProto, helper, shape_inference


def part_of(content: bytes, inputs: Sequence[str], outputs: Sequence[str]) -> bytes:
    """The nodes between some values of a network; the same input gives the same bytes.

    Args:
        content: the network.
        inputs: names of the values that are given.
        outputs: names of the values that are wanted.
    """
    whole = onnx.load_from_string(content)
    known = shape_inference.infer_shapes(whole, strict_mode=True).graph
    values = {each.name: each for each in (*known.input, *known.output, *known.value_info)}
    nodes, wanted = [], set(outputs)
    for node in reversed(whole.graph.node):
        if wanted.difference(inputs) & set(node.output):
            nodes.insert(0, node)
            wanted.update(node.input)
    weights = [each for each in whole.graph.initializer if each.name in wanted]
    ends = (
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, _shape(values[name]))
            for name in names
        ]
        for names in (inputs, outputs)
    )
    graph = helper.make_graph(nodes, whole.graph.name, *ends, weights)
    part = helper.make_model(graph, opset_imports=whole.opset_import)
    part.ir_version = whole.ir_version
    onnx.checker.check_model(part, full_check=True)
    return bytes(part.SerializeToString(deterministic=True))


def _shape(value: onnx.ValueInfoProto) -> list[int]:
    return [each.dim_value for each in value.type.tensor_type.shape.dim]
