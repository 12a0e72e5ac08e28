"""The neural networks that analyse pictures, loaded on first use and then shared."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kirin.vision.face.estimator import FaceEstimator
    from kirin.vision.matting.segmenter import Segmenter
    from kirin.vision.pose.estimator import PoseEstimator


class VisionModels:
    """One instance of each network. Processes that never look at a picture load none of them."""

    @cached_property
    def segmenter(self) -> Segmenter:
        """Finds the subject of a picture."""
        from kirin.vision.matting.segmenter import Segmenter

        return Segmenter()

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
