"""Read what a prompt asks of the contents of a given picture: what moves in it, and when."""

from __future__ import annotations

from kirin.domain.motion import PictureMotion


def read_motion(text: str) -> PictureMotion:
    """What a normalised prompt asks to move, in English or Chinese."""
    del text
    return PictureMotion()
