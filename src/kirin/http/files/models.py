"""What requests and answers about files hold."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from kirin.http.protocols.kirin_models import Milliseconds, Url
from kirin.http.request_models import RequestModel


class UploadJson(TypedDict):
    """A file that was sent or fetched, and what was measured of it."""

    url: Annotated[Url, Field(description="stands for the file in requests")]
    type: Literal["image", "video", "audio"]
    mime: str
    size: Annotated[int, Field(description="bytes")]
    width: Annotated[int, Field(description="pixels; 0 of sounds")]
    height: Annotated[int, Field(description="pixels; 0 of sounds")]
    duration: NotRequired[Annotated[float, Field(description="seconds; of videos and sounds")]]
    fps: NotRequired[Annotated[float, Field(description="of videos")]]
    has_audio: NotRequired[Annotated[bool, Field(description="of videos")]]
    expires_at: Milliseconds


def _check_url(given: object) -> object:
    if not isinstance(given, str) or not given:
        raise PydanticCustomError("required", "it takes the URL of a picture, a video or a sound")
    return given


class FetchRequest(RequestModel):
    """A file for the server to fetch."""

    url: Annotated[str, BeforeValidator(_check_url), Field(json_schema_extra={"format": "uri"})] = (
        Field(description="URL of a picture, a video or a sound")
    )
