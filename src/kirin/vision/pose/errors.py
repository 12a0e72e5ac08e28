"""Errors of tracking a person through a video."""

from __future__ import annotations

from kirin.errors import InputsRefused


class NoPerson(InputsRefused):
    """There is nobody in the video: it must show one whole person, large enough to be made out."""


class PersonSeldomSeen(InputsRefused):
    """More than half of the video does not show the person.

    Attributes:
        missing, of: frames without the person, and frames in all.
        seconds: where the longest stretch without the person begins.
    """

    def __init__(self, missing: int, of: int, seconds: float) -> None:
        self.missing, self.of, self.seconds = missing, of, seconds
        super().__init__(
            f"{missing} of the video's {of} frames do not show the person (the longest stretch "
            f"without begins at {seconds:.1f} s), and at most half may: trim the video."
        )


class VideoIsCut(InputsRefused):
    """The video is cut.

    Attributes:
        seconds: where the new shot begins.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(
            f"The video is cut at {seconds:.2f} s, and the motion must be one continuous shot: "
            "trim it to the part before or after."
        )
