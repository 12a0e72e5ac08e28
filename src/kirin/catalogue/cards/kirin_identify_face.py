"""Faces of a video, as candidates for lip sync."""

from __future__ import annotations

from decimal import Decimal

from kirin.catalogue.card import Card
from kirin.catalogue.codes import V1_6
from kirin.catalogue.common import NOTIFICATION
from kirin.catalogue.plan import Materials
from kirin.catalogue.prices import Price
from kirin.catalogue.references import Video, VideoId
from kirin.catalogue.rules import AtLeastOne, Excludes
from kirin.catalogue.structures import Values
from kirin.domain.limits import VideoLimits
from kirin.domain.lips import FaceSearch

ID = "kirin_identify_face"
LIMITS = VideoLimits(
    min_side=512, max_side=2160, min_seconds=2, max_seconds=60, seconds_rules=("FACE-2",)
)
SOURCES = ("video_id", "video_url")


def search(_: Values, materials: Materials, __: int) -> FaceSearch:
    """The video to look at, wherever it comes from."""
    (video,) = (materials.media[name] for name in SOURCES if name in materials.media)
    return FaceSearch(video)


CARD = Card(
    id=ID,
    name="Kirin Identify Face",
    type="face-search",
    description="Finds the faces of people in a video, so that kirin_lipsync can make one speak.",
    usage="Give video_id, a finished task of yours, or video_url. The text in the result is JSON "
    "with a session_id and face_data; both go into kirin_lipsync within 24 hours.",
    input_modalities=("video",),
    output_modalities=("text", "image"),
    parameters=(
        VideoId(
            name="video_id",
            description="A finished task of yours whose video is looked at, by its id.",
            limits=LIMITS,
            rules=("FACE-1", "FACE-2"),
            example="5f0c7c6e3d1f4f0f9a7a4a3b6d2c1e0f",
        ),
        Video(
            name="video_url",
            description="mp4 or mov by URL, 2 to 60 seconds, sides of 512 to 2160 pixels, at most "
            "100 MB.",
            limits=LIMITS,
            rules=("FACE-1", "FACE-2"),
            example="https://example.com/speaker.mp4",
        ),
        *NOTIFICATION,
    ),
    rules=(
        AtLeastOne(params=SOURCES, message="video_id or video_url is needed", rules=("FACE-1",)),
        Excludes(
            first=("video_id",),
            second=("video_url",),
            message="video_id and video_url exclude each other",
            rules=("FACE-1",),
        ),
    ),
    price=Price((), {(): Decimal("0.007")}, unit=None),
    codes=V1_6,
    fields={},
    examples=({"video_url": "https://example.com/speaker.mp4"},),
    plan=search,
    finds_faces=True,
)
