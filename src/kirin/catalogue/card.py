"""Model cards: everything about one Kirin model in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kirin.catalogue.envelope import Envelope
from kirin.catalogue.media_rules import Media, MediaRule
from kirin.catalogue.parameters import Parameter
from kirin.catalogue.plan import MakePlan, Plan
from kirin.catalogue.prices import Price
from kirin.catalogue.references import (
    ElementId,
    FaceId,
    FaceSessionId,
    MediaParameter,
    MediaPlace,
    Video,
    places,
)
from kirin.catalogue.rules import Condition, Ignoring, Rule
from kirin.catalogue.structures import Values, check_fields
from kirin.domain.lips import FaceSession
from kirin.domain.storyboard import Storyboard
from kirin.domain.tariff import Estimate, Tariff
from kirin.errors import FailureKind, Problem


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of validating a request's parameters.

    Attributes:
        values: the valid parameters in canonical form, with defaults.
        problems: everything that is invalid.
        ignored: names of given parameters that have no effect in this combination.
    """

    values: Values
    problems: list[Problem]
    ignored: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Card:
    """One Kirin model.

    Attributes:
        id: as in ``model`` of a request.
        name, description, type: for the catalogue; ``type`` is such as ``image-to-video``.
        input_modalities, output_modalities: ``text``, ``image``, ``video``, ``audio``.
        usage: instructions for programs that write requests.
        parameters: the fields of ``params``.
        envelope: an object that may hold all of them, where the model has one.
        rules: conditions across parameters.
        media_rules: conditions on the content of images and videos.
        no_effect: parameters that are ignored in some combinations.
        price: what it costs.
        codes: the model's error code for each kind of failure.
        fields: by storyboard field that an engine may refuse, the parameter that it comes from.
        examples: complete ``params``, the first the simplest.
        check_faces: conditions on what is asked of the faces of a session.
        plan: creates the storyboard, the draft of a subject, or a search for faces.
        finds_faces: whether its tasks are sessions that lip sync can name.
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
    envelope: Envelope | None = None
    rules: tuple[Rule, ...] = ()
    media_rules: tuple[MediaRule, ...] = ()
    check_faces: Callable[[Values, FaceSession], Iterator[Problem]] = lambda *_: iter(())
    no_effect: tuple[Ignoring, ...] = ()
    price: Price
    codes: Mapping[FailureKind, str]
    fields: Mapping[str, str]
    examples: tuple[Mapping[str, Any], ...]
    plan: MakePlan
    finds_faces: bool = False
    extras: Callable[[Storyboard], Mapping[str, Any]] = lambda _: {}

    def check(self, params: Mapping[str, Any]) -> Checked:
        """Validate a request as far as possible without its media."""
        problems: list[Problem] = []
        if self.envelope:
            params = self.envelope.opened(params, problems)
        values = check_fields(self.parameters, params, "", problems)
        idle = {name for rule in self.no_effect for name in rule.ignored(values)}
        absent = {p.name for p in self.parameters if p.absent(params.get(p.name))}
        ignored = tuple(name for name in params if name in idle - absent)
        values = {name: value for name, value in values.items() if name not in idle}
        problems = [problem for problem in problems if head(problem.param) not in idle]
        refused = {problem.param for problem in problems}
        for rule in self.rules:
            problems += rule.check(values, refused)
        return Checked(values, problems, ignored)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """All conditions across parameters, including those on media."""
        envelope = (self.envelope,) if self.envelope else ()
        return (*envelope, *self.rules, *self.no_effect, *self.media_rules)

    def media(self, values: Values) -> list[MediaPlace[MediaParameter]]:
        """Every image and video in the values."""
        return list(places(MediaParameter, self.parameters, values))

    def subjects(self, values: Values) -> list[MediaPlace[ElementId]]:
        """Every subject in the values."""
        return list(places(ElementId, self.parameters, values))

    def face_sessions(self, values: Values) -> list[MediaPlace[FaceSessionId]]:
        """Every session of found faces in the values."""
        return list(places(FaceSessionId, self.parameters, values))

    def faces(self, values: Values) -> list[MediaPlace[FaceId]]:
        """Every face in the values."""
        return list(places(FaceId, self.parameters, values))

    def check_media(self, values: Values, media: Media) -> list[Problem]:
        """Validate the images and videos that are known so far."""
        return [problem for rule in self.media_rules for problem in rule.check(values, media)]

    def tariff(self, values: Values, plan: Plan, percent: Decimal = Decimal(0)) -> Tariff:
        """The tariff of a plan for an account with a discount in percent."""
        marked = isinstance(plan, Storyboard) and plan.watermark
        return self.price.tariff(values, watermarked=marked, percent=percent)

    def estimate(self, values: Values, plan: Plan, percent: Decimal = Decimal(0)) -> Estimate:
        """The cost of a plan, as far as it is known before all media have been fetched.

        The length of a video that is driven by one that has not been fetched, or is its edit, lies
        between the minimum of that one's parameter and the maximum, which the plan assumes.
        """
        tariff = self.tariff(values, plan, percent)
        if not isinstance(plan, Storyboard):
            return Estimate(tariff, tariff.charge(0), tariff.charge(0))
        most = tariff.charge(plan.seconds)
        if plan.measure is None or plan.measure.fetched:
            return Estimate(tariff, most, most)
        videos = {
            place.path: place.parameter.limits.min_seconds
            for place in self.media(values)
            if isinstance(place.parameter, Video)
        }
        least = tariff.charge(min(videos.values()))
        return Estimate(tariff, least, most, () if least == most else tuple(videos))


def head(path: str) -> str:
    """The top-level parameter of a JSON path."""
    return path.partition("[")[0].partition(".")[0]
