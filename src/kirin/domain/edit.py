"""An edit: what a prompt asks to be done to a given video."""

from __future__ import annotations

from dataclasses import dataclass

from kirin.domain.intent import Intent


@dataclass(frozen=True, slots=True)
class FootageEdit:
    """What a prompt asks of a video that is shown itself.

    Attributes:
        intent: what may be laid over the video: what is in the air, light, styles, who joins.
            What holds from the first frame on has a span that ends at 0.
        refused: what cannot be, in the prompt's words: "remove the car".
        withheld: tags such as ``image_1`` that only what is refused calls.
    """

    intent: Intent
    refused: tuple[str, ...] = ()
    withheld: frozenset[str] = frozenset()
