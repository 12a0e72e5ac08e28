"""A card: everything there is to know about one Kirin model, in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kirin.catalogue.parameters import Parameter, Picture
from kirin.catalogue.prices import Price
from kirin.catalogue.rules import Condition, Media, MediaRule, Rule
from kirin.catalogue.structures import Values, check_fields
from kirin.domain.storyboard import Storyboard
from kirin.errors import FailureKind, Problem


@dataclass(frozen=True, slots=True)
class MediaInput:
    """A place in a request's values where a picture or video is named.

    Attributes:
        path: JSON path, such as ``dynamic_masks[0].mask``.
        parameter: what is asked of it.
        holder, name: the object in the values that holds it, and its key there.
    """

    path: str
    parameter: Picture
    holder: Values
    name: str

    @property
    def source(self) -> str:
        """What the client sent: a URL or base64."""
        source: str = self.holder[self.name]
        return source

    def replace(self, source: str) -> None:
        """Put something shorter in its place, once the bytes are in storage."""
        self.holder[self.name] = source


@dataclass(frozen=True, kw_only=True)
class Card:
    """One Kirin model.

    Attributes:
        id: as in ``model`` of a request.
        name, description, type: for the catalogue; ``type`` is such as ``image-to-video``.
        input_modalities, output_modalities: ``text``, ``image``, ``video``, ``audio``.
        usage: how a program that writes requests should use it.
        parameters: what ``params`` may hold.
        rules: conditions across parameters.
        media_rules: conditions on what the pictures and videos are.
        price: what it costs.
        codes: the model's own code for each way to fail.
        fields: which parameter each storyboard field comes from, where it may be refused by
            an engine.
        examples: complete ``params``, the first the simplest.
        storyboard: makes the storyboard from checked values, known media and a seed.
        extras: further fields of each output entry, from the storyboard (rule W-5).
    """

    id: str
    name: str
    type: str
    description: str
    usage: str
    input_modalities: tuple[str, ...]
    output_modalities: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    rules: tuple[Rule, ...] = ()
    media_rules: tuple[MediaRule, ...] = ()
    price: Price
    codes: Mapping[FailureKind, str]
    fields: Mapping[str, str]
    examples: tuple[Mapping[str, Any], ...]
    storyboard: Callable[[Values, Media, int], Storyboard]
    extras: Callable[[Storyboard], Mapping[str, Any]] = lambda _: {}

    def check(self, params: Mapping[str, Any]) -> tuple[Values, list[Problem]]:
        """Check all that can be known from the words of a request alone.

        Returns:
            The values in canonical form with defaults filled in, and everything that is
            wrong. Where something is wrong, the values lack it.
        """
        problems: list[Problem] = []
        values = check_fields(self.parameters, params, "", problems)
        refused = {problem.param.partition("[")[0].partition(".")[0] for problem in problems}
        complete = {p.name: p.default for p in self.parameters if p.default is not None} | values
        for rule in self.rules:
            # What is there but was refused has its error already: no rule calls it missing.
            problems += [p for p in rule.check(complete) if p.param not in refused]
        return values, problems

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """All conditions across parameters, those on media too."""
        return (*self.rules, *self.media_rules)

    def media(self, values: Values) -> list[MediaInput]:
        """Every picture and video that the values name, in the order of the parameters."""
        return list(media_inputs(self.parameters, values, ""))

    def check_media(self, values: Values, media: Media) -> list[Problem]:
        """Check what the pictures and videos are, as far as they are known."""
        return [problem for rule in self.media_rules for problem in rule.check(values, media)]

    def quote(self, values: Values, storyboard: Storyboard) -> Decimal:
        """USD that the video costs."""
        return self.price.of(values, storyboard.seconds)


def media_inputs(
    parameters: Sequence[Parameter], values: Values, prefix: str
) -> Iterator[MediaInput]:
    """Walk values along their parameters and give each place of a picture or video."""
    for parameter in parameters:
        value = values.get(parameter.name)
        path = f"{prefix}{parameter.name}"
        if value is None:
            continue
        if isinstance(parameter, Picture):
            yield MediaInput(path, parameter, values, parameter.name)
        elif isinstance(value, list):
            for index, entry in enumerate(value):
                yield from media_inputs(parameter.children(), entry, f"{path}[{index}].")
        elif isinstance(value, dict):
            yield from media_inputs(parameter.children(), value, f"{path}.")
