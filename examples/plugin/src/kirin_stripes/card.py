"""A model that takes a word and makes two seconds of stripes."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from kirin.catalogue.card import Card
from kirin.catalogue.common import DELIVERY, watermarked
from kirin.catalogue.parameters import Text
from kirin.catalogue.plan import Materials
from kirin.catalogue.prices import Price
from kirin.catalogue.structures import Values
from kirin.domain.storyboard import Shot, Storyboard
from kirin.errors import FailureKind

KIRIN_INTERFACE = 1

ID = "stripes_t2v"


def storyboard(values: Values, _: Materials, seed: int) -> Storyboard:
    """One shot of two seconds."""
    return Storyboard(
        model=ID,
        width=320,
        height=180,
        fps=Fraction(12),
        shots=(Shot(prompt=values["word"], seconds=2),),
        seed=seed,
        watermark=watermarked(values),
    )


CARD = Card(
    id=ID,
    name="Stripes",
    type="text-to-video",
    description="Makes two seconds of stripes of a colour.",
    usage="Say grey, red, green or blue.",
    input_modalities=("text",),
    output_modalities=("video",),
    parameters=(
        Text(
            name="word",
            description="The colour of the stripes.",
            required=True,
            min_length=1,
            max_length=20,
            example="red",
        ),
        *DELIVERY,
    ),
    price=Price((), {(): Decimal("0.01")}, unit=None),
    codes={kind: f"stripes_{kind.value}" for kind in FailureKind},
    fields={"shots.prompt": "word"},
    examples=({"word": "red"}, {"word": "blue"}),
    plan=storyboard,
)
