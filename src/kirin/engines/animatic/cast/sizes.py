"""Sizes: how large the art of each cast member is in the frame."""

from __future__ import annotations

from collections.abc import Sequence

from kirin.concepts.concept import Concept, Kind
from kirin.domain.cast import Cast, ShotSize
from kirin.engines.animatic.cast.costume import Costume
from kirin.engines.animatic.cast.medium import Medium
from kirin.engines.animatic.scene.ground import Ground

# Larger side of the subject's art in view heights, by how much of it the frame holds.
_SUBJECT = {
    ShotSize.MACRO: 0.80,
    ShotSize.CLOSE_UP: 0.95,
    ShotSize.MEDIUM: 0.70,
    ShotSize.OVER_THE_SHOULDER: 0.58,
    ShotSize.FULL: 0.52,
    ShotSize.WIDE: 0.32,
    ShotSize.AERIAL: 0.17,
}
_USUAL = {Kind.BUILDING: 0.62, Kind.PLANT: 0.52, Kind.SKY: 0.34, Kind.FOOD: 0.42}
LEAST = 0.095  # view heights: smaller art cannot be read
SMALLEST = 0.055
"""Likewise where sizes are measured and not composed: small things may be far away."""
MOST = 24
"""Instances drawn of one member."""

_WIDEST = 0.66  # of the view's width, for one performer
_COMPRESSION = 0.36  # exponent of the ratio of two sizes in metres

_USUAL_ROW = 0.37  # view heights below the centre: where feet stand, if they are not too large
_LARGEST = 0.46  # view heights, of the larger side of something that is measured
_HIGHEST_ROW = 0.32
"""View heights below the centre: no foot is higher, or what is nearer in the picture would have to
hide it. What is too large there is made smaller."""
_ALOFT = (0.13, 0.25)  # larger side of a metre in the air, and the exponent of its size
_HIGHEST = 0.30  # likewise, of the largest that flies
_HEAVENLY = 0.13  # likewise, of the sun and the moon: larger than they are, as painters have them
_ARCHING = {"rainbow": 0.5, "tornado": 0.4}  # likewise


def composed(
    cast: Cast,
    concepts: Sequence[Concept],
    costumes: Sequence[Costume],
    size: ShotSize | None,
    aspect: float,
) -> list[float]:
    """The height of each member's art in view heights, in proportion but all legible."""
    lead, first = concepts[0], cast.members[0]
    largest = _SUBJECT.get(size, _USUAL.get(lead.kind, 0.50)) if size else None
    if largest is None:
        largest = _USUAL.get(lead.kind, 0.50)
    found = []
    for member, concept, costume in zip(cast.members, concepts, costumes, strict=True):
        ratio = min(max((costume.metres / costumes[0].metres) ** _COMPRESSION, 0.42), 1.5)
        if concept.kind is Kind.SKY:
            ratio = 0.5 if lead.kind is not Kind.SKY else 1.0
        wish = (member.size / first.size) ** 0.75 if member is not first else 1.0
        side = largest * ratio * wish * first.size**0.55
        if costume.cut:
            side = max(side, 0.52 if size in (None, ShotSize.FULL, ShotSize.WIDE) else 0.7)
        tall = side / max(costume.aspect, 1.0)
        widest = _WIDEST if len(cast.members) == 1 or member is first else 0.5
        if size in (ShotSize.CLOSE_UP, ShotSize.MACRO):
            widest = 1.0
        tall = min(tall, widest * aspect / costume.aspect, 1.15)
        crowd = max(min(member.count, MOST), 1) ** -0.22
        found.append(max(tall * crowd, LEAST))
    return found


def measured(
    cast: Cast,
    costumes: Sequence[Costume],
    mediums: Sequence[Medium],
    ground: Ground,
    aspect: float,
) -> list[float]:
    """The same for ground whose scale is known: as large as they are where they stand."""
    found = []
    for member, costume, medium in zip(cast.members, costumes, mediums, strict=True):
        metres = costume.metres * member.size
        if medium in (Medium.GROUND, Medium.WATER):
            usual = min(max(ground.disparity(_USUAL_ROW), ground.back), ground.front)
            side = min(max(metres * (ground.metre or 0.0) * usual, SMALLEST), _LARGEST)
        elif medium is Medium.SKY:
            side = _ARCHING.get(costume.art, _HEAVENLY) * member.size
        else:
            # Things in the air are at any distance, the large ones farther away.
            side = min(max(_ALOFT[0] * metres ** _ALOFT[1], SMALLEST), _HIGHEST)
        side = min(side, 0.5 * aspect)
        found.append(side / max(costume.aspect, 1.0))
    return found


def shown(count: int) -> int:
    """How many instances of so many are drawn."""
    return max(min(count, MOST), 1)


def foot_of(side_of_metre: float, ground: Ground) -> float:
    """Disparity of a foot on ground whose scale is known.

    Args:
        side_of_metre: view heights of a metre of what stands there.
        ground: of the place.
    """
    back = max(ground.back, ground.disparity(_HIGHEST_ROW))
    return min(max(side_of_metre / (ground.metre or 1.0), back), max(ground.front, back))
