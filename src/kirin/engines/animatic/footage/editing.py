"""The shot renderer for a video that is edited: air, light, subjects and a look laid over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from kirin.domain.edit import AddedCast
from kirin.domain.footage import Footage
from kirin.domain.frame import Frame
from kirin.domain.motion import WHOLE, PictureMotion
from kirin.domain.storyboard import Reference
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.air.contribution import add_air
from kirin.engines.animatic.cinemagraph.air.presence import FADE_IN
from kirin.engines.animatic.cinemagraph.assembly import describe_motion
from kirin.engines.animatic.cinemagraph.part import Acted, AirPart, Cinemagraph, Still
from kirin.engines.animatic.cinemagraph.report import air_and_light_only
from kirin.engines.animatic.composition.renderer import CompositionShotRenderer
from kirin.engines.animatic.footage.edits import edit_of, joining, nothing_to_do
from kirin.engines.animatic.footage.figures import FootageFigures
from kirin.engines.animatic.footage.frames import FootageFrames, frame_moments
from kirin.engines.animatic.footage.relighting import FootageLight
from kirin.engines.animatic.footage.report import sound_told, told_of_camera
from kirin.engines.animatic.footage.survey import FootageSurvey
from kirin.engines.animatic.look.pictured import honoured
from kirin.engines.animatic.shot import ShotContext, ShotRenderer
from kirin.errors import InputsRefused, attributed_to
from kirin.vision.planes import Planes, Rgb

_LOOKED_THROUGH: Final = 0.6  # of the preparation


class EditedFootageRenderer:
    """A given video with what the prompt asks for laid over it.

    Args:
        context: of the only shot of a storyboard with footage to edit.
        footage: it.

    Raises:
        InputsRefused: the video cannot be read, or nothing of what is asked can be done.
    """

    def __init__(self, context: ShotContext, footage: Footage) -> None:
        self._context, self._footage = context, footage
        motion = air_and_light_only(context.intent.motion)
        edit = edit_of(context.shot, context.storyboard)
        references = joining(context.shot, edit)
        count, fps = len(context.poses), float(context.storyboard.fps)
        times, video = frame_moments(count, fps), context.read(footage.video)
        self._frames = FootageFrames(video, times, context.size)
        context.check()
        self._survey: FootageSurvey | None = None
        if motion.air or motion.light or references or edit.added.cast.members:
            self._survey = FootageSurvey.of(video, times, context.size, context.check, self._looked)
        self._inner = self._composed(references)
        self._made = Cinemagraph(missing=list(motion.missing))
        self._light: FootageLight | None = None
        self._figures: FootageFigures | None = None
        self._ahead = 0
        if self._survey:
            self._lay_over(motion, self._survey)
            self._add(edit.added, self._survey)
        if not (self._made.acted or references or honoured(context.intent)):
            with attributed_to("shots.prompt"):
                raise InputsRefused(nothing_to_do(self._made.missing, context.shot.prompt))
        self._air = sorted(self._made.air, key=lambda part: part.disparity)

    @property
    def notes(self) -> dict[str, Any]:
        """How the shot is made."""
        told: dict[str, Any] = {
            "use": self._footage.use.value,
            "cuts": [],
            **sound_told(self._footage),
            "missing": [
                {"word": each.word, "kind": each.kind} for each in dict.fromkeys(self._made.missing)
            ],
        }
        if self._survey:
            told |= told_of_camera(self._survey, float(self._context.storyboard.fps))
        return {**self._inner.notes, "motion": describe_motion(self._made), "footage": told}

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        return self._drawn(index, self._air)

    def clear(self, index: int) -> Frame | None:
        """Draw a frame without what is in the air; ``None`` if nothing is."""
        return self._drawn(index, ()) if self._air else None

    def _drawn(self, index: int, air: Sequence[AirPart]) -> Frame:
        frame = self._inner.frame(index)
        if not (air or self._light or self._figures):
            return frame
        frame = frame.copy()  # the inner renderer may hand out one frame several times
        if self._figures:
            self._figures.draw(frame, index)
        if air:
            view, pose = Planes.of_frame(frame), self._poses[index]
            for part in air:
                part.draw(view, pose, index + self._ahead)
        return self._light.apply(frame, index) if self._light else frame

    def _looked(self, share: float) -> None:
        self._context.prepared(_LOOKED_THROUGH * share)

    def _composed(self, references: Sequence[Reference]) -> ShotRenderer:
        """The video with the subjects that join it."""
        if not references or self._survey is None:
            return self._frames
        context = self._context
        shot = replace(context.shot, references=tuple(references))
        poses = self._survey.poses() if self._survey.holds else [Pose()] * len(context.poses)
        return CompositionShotRenderer(
            replace(context, shot=shot, poses=poses), self._frames, self._survey.stills[0]
        )

    def _lay_over(self, motion: PictureMotion, survey: FootageSurvey) -> None:
        context, made = self._context, self._made
        steady = [Pose()] * len(context.poses)
        self._poses: Sequence[Pose] = survey.poses() if survey.holds else steady
        first = survey.stills[0]
        add_air(motion, self._still(first), made)
        if made.air and all(request.span == WHOLE for request in motion.air):
            # It is there already when the video begins, and does not come in.
            self._ahead = round((FADE_IN + 0.1) * float(context.storyboard.fps))
        if motion.light:
            light = FootageLight.of(motion, survey, self._still)
            made.acted += light.acted
            made.missing += light.missing
            self._light = light if light.acted else None
        made.acted = [_from_the_start(each) for each in made.acted]

    def _add(self, added: AddedCast, survey: FootageSurvey) -> None:
        if not added.cast.members:
            return
        figures = FootageFigures(added, survey, self._context)
        self._made.acted += figures.acted
        self._made.missing += figures.missing
        self._figures = figures if figures.acted else None

    def _still(self, picture: Rgb) -> Still:
        context = self._context
        width, _height = context.size
        return Still(
            picture=picture[: picture.shape[0] // 2 * 2, : picture.shape[1] // 2 * 2],
            subject=None,
            own=None,
            own_box=None,
            mask=None,
            centre=(picture.shape[1] / 2, picture.shape[0] / 2),
            scale=picture.shape[1] / width,
            view=context.size,
            fps=context.storyboard.fps,
            count=len(context.poses),
            seed=context.storyboard.seed,
            poses=self._poses,
            models=context.models,
            check=context.check,
        )


def _from_the_start(act: Acted) -> Acted:
    """What is done before the first frame is told to hold for the whole of the shot."""
    if act.details.get("from", 0.0) >= 0:
        return act
    return replace(act, details={**act.details, "from": 0.0, "to": 1.0})
