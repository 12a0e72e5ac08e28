"""Which optional networks there are, where their weights come from, and what they take and give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class OptionalNetwork:
    """A network whose weights are not shipped.

    Attributes:
        id: what ``kirin weights`` calls it.
        name: what its makers call it.
        improves: what gets better with it.
        repository, file: where the weights are on the Hugging Face Hub.
        licence: SPDX identifier of the weights' licence.
        inputs: the dimensions of each input by its name; ``None`` is free.
        outputs: how many dimensions each output has, in their order.
    """

    id: str
    name: str
    improves: str
    repository: str
    file: str
    licence: str
    inputs: Mapping[str, tuple[int | None, ...]]
    outputs: tuple[int, ...]

    @property
    def url(self) -> str:
        """The page of the weights."""
        return f"https://huggingface.co/{self.repository}"


DEPTH: Final = OptionalNetwork(
    id="depth",
    name="Depth Anything V2 small",
    improves="how far away the parts of a picture are: parallax and focus",
    repository="onnx-community/depth-anything-v2-small",
    file="onnx/model.onnx",
    licence="Apache-2.0",
    inputs={"pixel_values": (1, 3, None, None)},
    outputs=(3,),
)
"""Yang et al. 2024, "Depth Anything V2"; of its sizes, only the small one is Apache-2.0."""

MASK: Final = OptionalNetwork(
    id="mask",
    name="BiRefNet lite",
    improves="the outline of the subject: hair, fur, thin parts",
    repository="onnx-community/BiRefNet_lite-ONNX",
    file="onnx/model_fp16.onnx",
    licence="MIT",
    inputs={"input_image": (1, 3, 1024, 1024)},
    outputs=(4,),
)
"""Zheng et al. 2024, "Bilateral Reference for High-Resolution Dichotomous Image Segmentation"."""

FILL: Final = OptionalNetwork(
    id="fill",
    name="LaMa",
    improves="what is painted behind a subject that moves",
    repository="Carve/LaMa-ONNX",
    file="lama_fp32.onnx",
    licence="Apache-2.0",
    inputs={"image": (1, 3, 512, 512), "mask": (1, 1, 512, 512)},
    outputs=(4,),
)
"""Suvorov et al. 2022, "Resolution-robust Large Mask Inpainting with Fourier Convolutions"."""

OPTIONAL_NETWORKS: Final[Mapping[str, OptionalNetwork]] = {
    each.id: each for each in (DEPTH, MASK, FILL)
}
"""By id."""
