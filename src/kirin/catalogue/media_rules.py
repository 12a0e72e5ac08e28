"""Rules about the content of a request's images and videos, as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from kirin.catalogue.rules import Condition
from kirin.catalogue.structures import Values
from kirin.domain.assets import Asset
from kirin.domain.limits import grace
from kirin.errors import Problem

Media = Mapping[str, Asset]
"""Properties of a request's images and videos, by JSON path."""


class MediaRule(Condition, Protocol):
    """A condition on the content of a request's images and videos."""

    def check(self, values: Values, media: Media, /) -> Iterator[Problem]:
        """The violations among the media that are known so far."""
        ...


@dataclass(frozen=True, kw_only=True)
class SameShape:
    """Images must have the aspect ratio of another one, up to one pixel of rounding.

    ``params`` are paths; ``[]`` stands for every index of a list.
    """

    params: tuple[str, ...]
    other: str
    message: str
    rules: tuple[str, ...]

    def describe(self) -> dict[str, Any]:
        return {"kind": "same_shape", "params": list(self.params), "other": self.other}

    def check(self, _: Values, media: Media, /) -> Iterator[Problem]:
        other = media.get(self.other)
        for path, mask in matching(self.params, media):
            if other is not None and not same_aspect(mask, other):
                yield Problem(
                    path,
                    "wrong_aspect",
                    f"{self.message}; given {mask.width}x{mask.height} "
                    f"for a picture of {other.width}x{other.height}",
                    self.rules,
                )


@dataclass(frozen=True, kw_only=True)
class SameSize:
    """Images must all have the size of the first of them."""

    params: tuple[str, ...]
    message: str
    rules: tuple[str, ...]

    def describe(self) -> dict[str, Any]:
        return {"kind": "same_size", "params": list(self.params)}

    def check(self, _: Values, media: Media, /) -> Iterator[Problem]:
        masks = list(matching(self.params, media))
        for path, mask in masks[1:]:
            first_path, first = masks[0]
            if (mask.width, mask.height) != (first.width, first.height):
                yield Problem(
                    path,
                    "wrong_size",
                    f"{self.message}; given {mask.width}x{mask.height} here and "
                    f"{first.width}x{first.height} in {first_path}",
                    self.rules,
                )


@dataclass(frozen=True, kw_only=True)
class PointsInside:
    """The points of each list entry must be inside an image, edges included."""

    list: str
    points: str
    other: str
    message: str
    rules: tuple[str, ...]

    def describe(self) -> dict[str, Any]:
        return {
            "kind": "points_inside",
            "params": [f"{self.list}[].{self.points}[]"],
            "other": self.other,
        }

    def check(self, values: Values, media: Media, /) -> Iterator[Problem]:
        picture = media.get(self.other)
        if picture is None:
            return
        for i, entry in enumerate(values.get(self.list, ())):
            for j, point in enumerate(entry.get(self.points, ())):
                x, y = point.get("x", 0), point.get("y", 0)
                if not (0 <= x <= picture.width and 0 <= y <= picture.height):
                    yield Problem(
                        f"{self.list}[{i}].{self.points}[{j}]",
                        "out_of_range",
                        f"{self.message}; given ({x:g}, {y:g}) on {picture.width}x{picture.height}",
                        self.rules,
                    )


def matching(patterns: tuple[str, ...], media: Media) -> Iterator[tuple[str, Asset]]:
    """Media whose path matches a pattern, in the order of the patterns and then of the request."""
    for pattern in patterns:
        head, dots, tail = pattern.partition("[]")
        for path, asset in media.items():
            inside = path.startswith(f"{head}[") and path.endswith(f"]{tail}")
            if inside if dots else path == pattern:
                yield path, asset


def same_aspect(mask: Asset, picture: Asset) -> bool:
    """Whether one size is the other scaled, up to one pixel of rounding.

    Scaling ``picture`` to the mask's width must give the mask's height within a pixel, or the other
    way round: the sides of a much smaller mask are rounded more coarsely.
    """
    ratio = Fraction(picture.width, picture.height)
    return abs(mask.width / ratio - mask.height) <= 1 or abs(mask.height * ratio - mask.width) <= 1


@dataclass(frozen=True, kw_only=True)
class LongestBy:
    """The maximum length of a video depends on another parameter, give or take a frame or two.

    Attributes:
        param: path of the video.
        other: the other parameter.
        seconds: maximum length by its value.
    """

    param: str
    other: str
    seconds: Mapping[str, float]
    message: str
    rules: tuple[str, ...]

    def describe(self) -> dict[str, Any]:
        return {
            "kind": "longest_by",
            "params": [self.param],
            "other": self.other,
            "seconds": dict(self.seconds),
        }

    def check(self, values: Values, media: Media, /) -> Iterator[Problem]:
        video, chosen = media.get(self.param), str(values.get(self.other))
        if video is None or video.seconds is None or chosen not in self.seconds:
            return
        most = self.seconds[chosen]
        if video.seconds - grace(video.fps) > most:
            yield Problem(
                self.param,
                "too_long",
                f"{self.message}; given {video.seconds:.2f} s with {self.other} {chosen}, "
                f"at most {most:g} s are allowed: cut it",
                self.rules,
            )
