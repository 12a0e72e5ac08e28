"""The clouds of a picture: its sky, where they would be seen to move."""

from __future__ import annotations

import numpy as np

from kirin.vision.regions.survey import Find, Survey


def find_clouds(survey: Survey) -> Find | None:
    """The sky, where it has clouds; a clear sky would show no motion."""
    sky = survey.sky
    if sky is None or not sky.cloudy:
        return None
    return Find((survey.of_sky(sky.open) & survey.free).astype(np.float32), sky.confidence)
