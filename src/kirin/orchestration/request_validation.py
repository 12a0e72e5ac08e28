"""The validation of a request: everything that can be checked before a task exists."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kirin.catalogue.card import Card
from kirin.catalogue.plan import Materials, Plan
from kirin.catalogue.structures import Values
from kirin.domain.lips import FaceSession, FaceTrack
from kirin.domain.storyboard import Storyboard
from kirin.domain.subject import Subject
from kirin.engines.router import Router
from kirin.errors import InvalidParameters, Problem
from kirin.media.ingest import MediaIngest
from kirin.media.refusal import MediaRefused
from kirin.orchestration.face_sessions import FaceSessionRefused, FaceSessions
from kirin.orchestration.input_resolver import InputResolver, ResolvedInputs, SeenInputs
from kirin.subjects.library import Library


@dataclass(frozen=True)
class ValidatedRequest:
    """A request with nothing wrong.

    Attributes:
        values: its parameters; what came without an address is its sha256 by now.
        subjects: the subjects that it uses.
        faces: those whose lips it moves.
        inputs: its pictures and videos.
        ignored: names of given parameters that have no effect.
        seed: what chance follows from, 0 to 2**31 - 1.
        plan: what would be made if every picture to fetch were of common size.
        engine: the name of the one that would make it; ``None`` where none is needed.
    """

    values: Values
    subjects: tuple[Subject, ...]
    faces: tuple[FaceTrack, ...]
    inputs: ResolvedInputs
    ignored: tuple[str, ...]
    seed: int
    plan: Plan
    engine: str | None


@dataclass(frozen=True)
class RequestValidator:
    """Checks requests against the rooms that know about them."""

    ingest: MediaIngest
    inputs: InputResolver
    library: Library
    face_sessions: FaceSessions
    router: Router

    def check(
        self,
        account: str,
        card: Card,
        params: Mapping[str, Any],
        seed: int | None = None,
        seen: SeenInputs | None = None,
    ) -> ValidatedRequest:
        """Check a request against its card, its media, the account's subjects, the engines.

        Args:
            seed: what chance is to follow from; drawn if not given.
            seen: of the other requests of a batch.

        Raises:
            InvalidParameters: with everything that is wrong.
            StorageAway: what it refers to cannot be read.
        """
        checked = card.check(params)
        values, problems = checked.values, checked.problems
        resolved = ResolvedInputs(seen=seen)
        for place in card.media(values):
            try:
                self.inputs.resolve(account, place, resolved)
            except MediaRefused as refusal:
                rules = refusal.rules or place.parameter.rules
                problems.append(Problem(place.path, refusal.code, refusal.message, rules))
        subjects = self._find_subjects(account, card, values, problems)
        sessions = self._find_face_sessions(account, card, values, resolved, problems)
        self._check_callback(values, problems)
        problems += card.check_media(values, resolved.known)
        if problems:
            raise InvalidParameters(problems)
        if seed is None:
            seed = secrets.randbelow(2**31)
        plan = card.plan(values, Materials(resolved.media, subjects, sessions), seed)
        engine = self._choose_engine(card, plan)
        return ValidatedRequest(
            values=values,
            subjects=tuple(subjects.values()),
            faces=_chosen(card, values, sessions),
            inputs=resolved,
            ignored=checked.ignored,
            seed=seed,
            plan=plan,
            engine=engine,
        )

    def _find_subjects(
        self, account: str, card: Card, values: Values, problems: list[Problem]
    ) -> dict[int, Subject]:
        places = card.subjects(values)
        found = self.library.some(account, {place.value for place in places})
        for place in places:
            subject = found.get(place.value)
            if subject is None:
                message = f"this account has no element {place.value}"
            elif subject.draft.kind not in place.parameter.kinds:
                message = (
                    f"element {place.value} was made from a {subject.draft.kind}; only those "
                    f"made from {' or '.join(f'{kind}s' for kind in place.parameter.kinds)} "
                    "apply here"
                )
            else:
                continue
            problems.append(Problem(place.path, "unknown_element", message, place.parameter.rules))
        return found

    def _find_face_sessions(
        self,
        account: str,
        card: Card,
        values: Values,
        resolved: ResolvedInputs,
        problems: list[Problem],
    ) -> dict[str, FaceSession]:
        found: dict[str, FaceSession] = {}
        for place in card.face_sessions(values):
            try:
                session = self.face_sessions.find(account, place.value)
                self.inputs.use(place.path, session.video, resolved)
            except (FaceSessionRefused, MediaRefused) as refusal:
                rules = place.parameter.rules
                problems.append(Problem(place.path, refusal.code, refusal.message, rules))
            else:
                found[place.value] = session
                problems += card.check_faces(values, session)
        return found

    def _check_callback(self, values: Values, problems: list[Problem]) -> None:
        try:
            if "callback_url" in values:
                self.ingest.check_url(values["callback_url"])
        except MediaRefused as refusal:
            problems.append(Problem("callback_url", refusal.code, refusal.message, ("C-7",)))

    def _choose_engine(self, card: Card, plan: Plan) -> str | None:
        if not isinstance(plan, Storyboard):
            return None
        if reasons := self.router.refusals(plan):
            raise InvalidParameters(
                [
                    Problem(card.fields.get(r.field, r.field), "unsupported", r.message)
                    for r in reasons
                ]
            )
        return self.router.choose(plan).name


def _chosen(
    card: Card, values: Values, sessions: Mapping[str, FaceSession]
) -> tuple[FaceTrack, ...]:
    """The faces that a request names."""
    named = [place.value for place in card.faces(values)]
    faces = [session.face(name) for session in sessions.values() for name in named]
    return tuple(face for face in faces if face is not None)
