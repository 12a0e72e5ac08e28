"""The port of forms: how a family of pipelines is asked, and what its latents become.

Everything below ``forms/`` but this file needs torch, and is imported when a video is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any, Protocol, cast

from kirin.engines.diffusion.ask import Ask, Voice
from kirin.engines.diffusion.facts import FormName
from kirin.vision.planes import Rgb


class Form(Protocol):
    """A family of pipelines."""

    def pipeline(self, ask: Ask) -> type:
        """The class of diffusers that makes the generation."""
        ...

    def arguments(self, ask: Ask) -> dict[str, Any]:
        """What the pipeline is called with, beside what all pipelines share."""
        ...

    def frames(self, pipe: Any, result: Any, ask: Ask, streaming: bool) -> Iterator[Rgb]:
        """Pictures from latents, in order.

        Args:
            pipe: the pipeline that was called.
            result: what it gave, with latents for pictures.
            ask: what it was asked for.
            streaming: whether a few pictures at a time may be decoded, because the whole
                autoencoder stays on the device.
        """
        ...

    def voice(self, pipe: Any, result: Any) -> Voice | None:
        """The sound, if the pipeline makes some."""
        ...


def form(name: FormName) -> Form:
    """The form of a name."""
    module = import_module(f"kirin.engines.diffusion.forms.{name.value}")
    return cast(Form, module.FORM)
