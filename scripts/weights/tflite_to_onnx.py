"""Convert MediaPipe's two TFLite pose networks to ONNX, exactly and reproducibly.

Only their operators are supported: a network with another one is rejected by the operator's name.
Rank-4 tensors become NCHW internally; inputs and outputs keep TFLite's layout. Weights stay fp16,
as in the source, and are computed as fp32. The same input gives the same bytes.

Reference: TFLite's ``schema.fbs``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import onnx
import tflite
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
IR = 8  # what belongs to opset 17

_TO_NCHW = (0, 3, 1, 2)
_TO_NHWC = (0, 2, 3, 1)
_TYPES = {
    tflite.TensorType.FLOAT32: np.float32,
    tflite.TensorType.FLOAT16: np.float16,
    tflite.TensorType.INT32: np.int32,
}
_OPERATORS = {v: k for k, v in vars(tflite.BuiltinOperator).items() if isinstance(v, int)}

Array = NDArray[Any]


def convert(content: bytes, outputs: dict[str, str]) -> bytes:
    """Convert a network.

    Args:
        content: a TFLite file.
        outputs: new names of the outputs to keep, by their names in the source; nodes that only
            other outputs need are removed.

    Raises:
        ValueError: the network has an operator or option that is not supported.
    """
    return _Conversion(tflite.Model.GetRootAsModel(content, 0), outputs).content()


class _Conversion:
    def __init__(self, model: Any, outputs: dict[str, str]) -> None:
        self._model = model
        self._graph = model.Subgraphs(0)
        self._outputs = outputs
        self._constants: dict[int, Array] = {}
        self._nodes: list[onnx.NodeProto] = []
        self._weights: dict[str, onnx.TensorProto] = {}
        self._extra = 0

    def content(self) -> bytes:
        (first,) = (int(i) for i in self._graph.InputsAsNumpy())
        source = helper.make_tensor_value_info("image", TensorProto.FLOAT, self._shape(first))
        self._add("Transpose", ["image"], self._name(first), perm=_TO_NCHW)
        for i in range(self._graph.OperatorsLength()):
            self._operator(self._graph.Operators(i))
        results = []
        for index in (int(i) for i in self._graph.OutputsAsNumpy()):
            name = self._outputs.get(self._graph.Tensors(index).Name().decode())
            if name is None:
                continue
            rank4 = len(self._shape(index)) == 4
            kind, options = ("Transpose", {"perm": _TO_NHWC}) if rank4 else ("Identity", {})
            self._add(kind, [self._name(index)], name, **options)
            results.append(
                helper.make_tensor_value_info(name, TensorProto.FLOAT, self._shape(index))
            )
        nodes = _needed(self._nodes, set(self._outputs.values()))
        used = {name for node in nodes for name in node.input}
        weights = [self._weights[name] for name in sorted(self._weights) if name in used]
        graph = helper.make_graph(nodes, "network", [source], results, weights)
        made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
        made.ir_version = IR
        onnx.checker.check_model(made, full_check=True)
        return bytes(made.SerializeToString(deterministic=True))

    def _operator(self, operator: Any) -> None:
        code = self._model.OperatorCodes(operator.OpcodeIndex())
        kind = _OPERATORS[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]
        inputs = [int(i) for i in operator.InputsAsNumpy()]
        (output,) = (int(i) for i in operator.OutputsAsNumpy())
        known: dict[str, Callable[[Any, list[int], int], None]] = {
            "DEQUANTIZE": self._same_constant,
            "DENSIFY": self._same_constant,
            "CONV_2D": self._convolution,
            "DEPTHWISE_CONV_2D": self._depthwise,
            "ADD": self._binary("Add", tflite.AddOptions),
            "LOGISTIC": self._unary("Sigmoid"),
            "RELU": self._unary("Relu"),
            "PRELU": self._prelu,
            "PAD": self._padding,
            "MAX_POOL_2D": self._pool("MaxPool"),
            "RESIZE_BILINEAR": self._resize,
            "DEPTH_TO_SPACE": self._depth_to_space,
            "RESHAPE": self._reshape,
            "CONCATENATION": self._concatenation,
        }
        if kind not in known:
            raise ValueError(f"the operator {kind} is not supported")
        known[kind](operator, inputs, output)

    # Tensors and nodes

    def _shape(self, index: int) -> list[int]:
        return [int(n) for n in self._graph.Tensors(index).ShapeAsNumpy()]

    def _name(self, index: int) -> str:
        return f"t{index}"

    def _constant(self, index: int) -> Array:
        """A weight as an array, in TFLite's layout and its own type."""
        if index not in self._constants:
            tensor = self._graph.Tensors(index)
            data = self._model.Buffers(tensor.Buffer()).DataAsNumpy()
            if isinstance(data, int):
                raise ValueError(f"{tensor.Name().decode()} is computed where a weight is wanted.")
            values = data.view(_TYPES[tensor.Type()])
            if tensor.Sparsity() is not None:
                values = _dense(values, tensor)
            self._constants[index] = values.reshape(self._shape(index))
        return self._constants[index]

    def _is_constant(self, index: int) -> bool:
        tensor = self._graph.Tensors(index)
        held = index in self._constants
        return held or not isinstance(self._model.Buffers(tensor.Buffer()).DataAsNumpy(), int)

    def _add(self, kind: str, inputs: list[str], output: str, **options: Any) -> str:
        self._nodes.append(helper.make_node(kind, inputs, [output], name=output, **options))
        return output

    def _fresh(self) -> str:
        self._extra += 1
        return f"x{self._extra}"

    def _weight(self, values: Array) -> str:
        """The name of a constant; one in fp16 is widened where it is used."""
        name = self._fresh().replace("x", "w")
        self._weights[name] = numpy_helper.from_array(np.ascontiguousarray(values), name)
        if values.dtype != np.float16:
            return name
        return self._add("Cast", [name], self._fresh(), to=TensorProto.FLOAT)

    def _operand(self, index: int) -> str:
        """The name of an input that may be a constant, in ONNX's layout."""
        if not self._is_constant(index):
            return self._name(index)
        values = self._constant(index)
        return self._weight(values.transpose(_TO_NCHW) if values.ndim == 4 else values)

    def _activated(self, function: int, output: int, make: Callable[[str], str]) -> None:
        """Make a node, and after it the activation that TFLite fuses into it."""
        kinds = tflite.ActivationFunctionType
        if function == kinds.NONE:
            make(self._name(output))
        elif function == kinds.RELU:
            self._add("Relu", [make(self._fresh())], self._name(output))
        elif function == kinds.RELU6:
            bounds = [self._weight(np.float32(0)), self._weight(np.float32(6))]
            self._add("Clip", [make(self._fresh()), *bounds], self._name(output))
        else:
            raise ValueError(f"The activation {function} is not known here.")

    # Operators

    def _same_constant(self, _: Any, inputs: list[int], output: int) -> None:
        self._constants[output] = self._constant(inputs[0])

    def _unary(self, kind: str) -> Callable[[Any, list[int], int], None]:
        def add(_: Any, inputs: list[int], output: int) -> None:
            self._add(kind, [self._name(inputs[0])], self._name(output))

        return add

    def _prelu(self, _: Any, inputs: list[int], output: int) -> None:
        slopes = self._constant(inputs[1]).transpose(2, 0, 1)  # per channel, (1, 1, c)
        names = [self._name(inputs[0]), self._weight(slopes)]
        self._add("PRelu", names, self._name(output))

    def _binary(self, kind: str, options: Any) -> Callable[[Any, list[int], int], None]:
        def add(operator: Any, inputs: list[int], output: int) -> None:
            function = _options(operator, options).FusedActivationFunction()
            names = [self._operand(i) for i in inputs]
            self._activated(function, output, lambda name: self._add(kind, names, name))

        return add

    def _pool(self, kind: str) -> Callable[[Any, list[int], int], None]:
        def add(operator: Any, inputs: list[int], output: int) -> None:
            options = _options(operator, tflite.Pool2DOptions)
            kernel = [options.FilterHeight(), options.FilterWidth()]
            strides = [options.StrideH(), options.StrideW()]
            pads = _pads(options.Padding(), self._shape(inputs[0])[1:3], kernel, strides, [1, 1])
            self._activated(
                options.FusedActivationFunction(),
                output,
                lambda name: self._add(
                    kind,
                    [self._name(inputs[0])],
                    name,
                    kernel_shape=kernel,
                    strides=strides,
                    pads=pads,
                ),
            )

        return add

    def _convolution(self, operator: Any, inputs: list[int], output: int) -> None:
        options = _options(operator, tflite.Conv2DOptions)
        kernel = self._constant(inputs[1]).transpose(0, 3, 1, 2)
        self._convolve(options, inputs, output, kernel, 1)

    def _depthwise(self, operator: Any, inputs: list[int], output: int) -> None:
        options = _options(operator, tflite.DepthwiseConv2DOptions)
        kernel = self._constant(inputs[1]).transpose(3, 0, 1, 2)
        self._convolve(options, inputs, output, kernel, self._shape(inputs[0])[3])

    def _convolve(
        self, options: Any, inputs: list[int], output: int, kernel: Array, group: int
    ) -> None:
        strides = [options.StrideH(), options.StrideW()]
        dilations = [options.DilationHFactor(), options.DilationWFactor()]
        sides = self._shape(inputs[0])[1:3]
        pads = _pads(options.Padding(), sides, list(kernel.shape[2:]), strides, dilations)
        names = [self._name(inputs[0]), self._weight(kernel.astype(np.float16))]
        names += [self._weight(self._constant(i)) for i in inputs[2:]]
        self._activated(
            options.FusedActivationFunction(),
            output,
            lambda name: self._add(
                "Conv", names, name, strides=strides, dilations=dilations, pads=pads, group=group
            ),
        )

    def _padding(self, _: Any, inputs: list[int], output: int) -> None:
        before, after = self._constant(inputs[1])[list(_TO_NCHW)].T
        pads = self._weight(np.concatenate([before, after]).astype(np.int64))
        self._add("Pad", [self._name(inputs[0]), pads], self._name(output))

    def _resize(self, operator: Any, inputs: list[int], output: int) -> None:
        options = _options(operator, tflite.ResizeBilinearOptions)
        mode = "asymmetric"
        if options.AlignCorners():
            mode = "align_corners"
        elif options.HalfPixelCenters():
            mode = "half_pixel"
        height, width = (int(n) for n in self._constant(inputs[1]))
        size = np.array([1, self._shape(inputs[0])[3], height, width], np.int64)
        self._add(
            "Resize",
            [self._name(inputs[0]), "", "", self._weight(size)],
            self._name(output),
            mode="linear",
            coordinate_transformation_mode=mode,
        )

    def _depth_to_space(self, operator: Any, inputs: list[int], output: int) -> None:
        block = _options(operator, tflite.DepthToSpaceOptions).BlockSize()
        self._add("DepthToSpace", [self._name(inputs[0])], self._name(output), blocksize=block)

    def _reshape(self, _: Any, inputs: list[int], output: int) -> None:
        name = self._name(inputs[0])
        if len(self._shape(inputs[0])) == 4:
            name = self._add("Transpose", [name], self._fresh(), perm=_TO_NHWC)
        shape = self._shape(output)
        if len(shape) == 4:
            raise ValueError("A reshape to a picture is not known here.")
        self._add("Reshape", [name, self._weight(np.array(shape, np.int64))], self._name(output))

    def _concatenation(self, operator: Any, inputs: list[int], output: int) -> None:
        options = _options(operator, tflite.ConcatenationOptions)
        rank = len(self._shape(output))
        axis = options.Axis() % rank
        axis = _TO_NCHW.index(axis) if rank == 4 else axis
        names = [self._operand(i) for i in inputs]
        self._activated(
            options.FusedActivationFunction(),
            output,
            lambda name: self._add("Concat", names, name, axis=axis),
        )


def _options(operator: Any, kind: Any) -> Any:
    table, options = operator.BuiltinOptions(), kind()
    options.Init(table.Bytes, table.Pos)
    return options


def _pads(
    padding: int, sides: list[int], kernel: list[int], strides: list[int], dilations: list[int]
) -> list[int]:
    """TFLite's SAME as numbers: what is odd goes below and right."""
    if padding == tflite.Padding.VALID:
        return [0, 0, 0, 0]
    before, after = [], []
    for side, window, stride, dilation in zip(sides, kernel, strides, dilations, strict=True):
        steps = -(-side // stride)
        total = max(0, (steps - 1) * stride + (window - 1) * dilation + 1 - side)
        before.append(total // 2)
        after.append(total - total // 2)
    return before + after


def _dense(values: Array, tensor: Any) -> Array:
    """Spell a sparse weight out (``SparsityParameters``: a tree of dense and CSR levels)."""
    sparsity = tensor.Sparsity()
    shape = [int(n) for n in tensor.ShapeAsNumpy()]
    order = [int(n) for n in sparsity.TraversalOrderAsNumpy()]
    blocks = [] if sparsity.BlockMapIsNone() else [int(n) for n in sparsity.BlockMapAsNumpy()]
    levels = [sparsity.DimMetadata(i) for i in range(sparsity.DimMetadataLength())]
    inner = {axis: levels[len(shape) + k].DenseSize() for k, axis in enumerate(blocks)}
    dense = np.zeros(shape, values.dtype)
    source = iter(values)

    def descend(level: int, place: int, found: tuple[int, ...]) -> None:
        if level == len(levels):
            index = [0] * len(shape)
            for axis, step in zip(order, found, strict=True):
                if axis < len(shape):
                    index[axis] += step * inner.get(axis, 1)
                else:
                    index[blocks[axis - len(shape)]] += step
            dense[tuple(index)] = next(source)
            return
        about = levels[level]
        if about.Format() == tflite.DimensionType.DENSE:
            for step in range(about.DenseSize()):
                descend(level + 1, place * about.DenseSize() + step, (*found, step))
            return
        segments, indices = _numbers(about, "ArraySegments"), _numbers(about, "ArrayIndices")
        for k in range(segments[place], segments[place + 1]):
            descend(level + 1, k, (*found, int(indices[k])))

    descend(0, 0, ())
    return dense


def _numbers(level: Any, name: str) -> Array:
    kinds = {
        tflite.SparseIndexVector.Int32Vector: tflite.Int32Vector,
        tflite.SparseIndexVector.Uint16Vector: tflite.Uint16Vector,
        tflite.SparseIndexVector.Uint8Vector: tflite.Uint8Vector,
    }
    table, vector = getattr(level, name)(), kinds[getattr(level, name + "Type")()]()
    vector.Init(table.Bytes, table.Pos)
    return vector.ValuesAsNumpy().astype(np.int64)


def _needed(nodes: list[onnx.NodeProto], wanted: set[str]) -> list[onnx.NodeProto]:
    kept = []
    for node in reversed(nodes):
        if wanted & set(node.output):
            kept.append(node)
            wanted = wanted | set(node.input)
    return kept[::-1]
