"""The neural networks that analyse pictures, loaded on first use and then shared."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import structlog

from kirin.vision.networks.optional import DEPTH, FILL, MASK, OptionalNetwork
from kirin.vision.networks.store import DamagedWeights, NetworkStore

if TYPE_CHECKING:
    from kirin.vision.face.estimator import FaceEstimator
    from kirin.vision.matting.segmenter import Segmenter
    from kirin.vision.networks.depth_network import DepthNetwork
    from kirin.vision.networks.fill_network import FillNetwork
    from kirin.vision.networks.mask_network import MaskNetwork
    from kirin.vision.pose.estimator import PoseEstimator


_Loaded = TypeVar("_Loaded")
log = structlog.get_logger(__name__)


class VisionModels:
    """One instance of each network. Processes that never look at a picture load none of them.

    Args:
        networks: the optional networks; ``None`` for those alone that ship with this package.
    """

    def __init__(self, networks: NetworkStore | None = None) -> None:
        self._networks = networks
        self._in_use: dict[str, str] = {}

    @property
    def in_use(self) -> dict[str, str]:
        """By id, the names of the optional networks that were asked for, and are there."""
        return dict(self._in_use)

    @cached_property
    def depth(self) -> DepthNetwork | None:
        """Estimates depth, where its weights are installed."""
        from kirin.vision.networks.depth_network import DepthNetwork

        return self._optional(DEPTH, DepthNetwork)

    @cached_property
    def mask(self) -> MaskNetwork | None:
        """Finds fine outlines, where its weights are installed."""
        from kirin.vision.networks.mask_network import MaskNetwork

        return self._optional(MASK, MaskNetwork)

    @cached_property
    def fill(self) -> FillNetwork | None:
        """Fills holes, where its weights are installed."""
        from kirin.vision.networks.fill_network import FillNetwork

        return self._optional(FILL, FillNetwork)

    def _optional(
        self, network: OptionalNetwork, load: Callable[[Path], _Loaded]
    ) -> _Loaded | None:
        if self._networks is None:
            return None
        try:
            path = self._networks.path(network)
        except DamagedWeights as error:
            # A video with the shipped networks is better than none; 'kirin doctor' says so too.
            log.warning("weights damaged", network=network.id, reason=error.message)
            return None
        if path is None:
            return None
        self._in_use[network.id] = network.name
        return load(path)

    @cached_property
    def segmenter(self) -> Segmenter:
        """Finds the subject of a picture."""
        from kirin.vision.matting.segmenter import Segmenter

        return Segmenter(fine=self.mask, poses=self.pose_estimator)

    @cached_property
    def pose_estimator(self) -> PoseEstimator:
        """Finds people and their joints."""
        from kirin.vision.pose.estimator import PoseEstimator

        return PoseEstimator()

    @cached_property
    def face_estimator(self) -> FaceEstimator:
        """Finds faces, their eyes and their mouths."""
        from kirin.vision.face.estimator import FaceEstimator

        return FaceEstimator()
