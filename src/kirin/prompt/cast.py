"""The cast: who and what of a text is put on screen, and what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

from kirin.concepts.concept import Gait, Habitat, Kind
from kirin.concepts.library import library
from kirin.domain.cast import Action, Cast, CastMember, Missing, Relation
from kirin.domain.intent import Extra, Place, SceneDescription
from kirin.prompt.lexicon import VAGUE
from kirin.prompt.mentions import Mention, Mentions, Role
from kirin.prompt.nouns import MOST, gathering
from kirin.prompt.places import INDOORS, LANDSCAPES, LEAST_WEIGHT, shown_at, unpainted
from kirin.prompt.styles import StyleReading
from kirin.prompt.vocabulary.cast import noun_words
from kirin.prompt.vocabulary.loader import CHINESE, ENGLISH
from kirin.prompt.worn import is_undressed, name_of

MAX_MEMBERS: Final = 12
"""Cast members of a shot; what a prompt names beyond them is missing."""

MAX_TITLE: Final = 80
"""Characters on a title card."""

MAX_MISSING: Final = 60
"""Words that are listed as missing; nobody reads more."""

_SOME: Final = 3  # how many "dogs" are
_MANY: Final = 5  # how many "bees" or "flowers" are
_EVERYBODY: Final = frozenset({"person", "people", "human", "人", "人物", "行人", "人类", "人们"})

_CROWDS: Final = frozenset({"观众", "人群", "群众"})
_CROWD: Final = 9  # how many these are

_EXTRAS: Final = {
    Extra.BIRDS: {"bird", "seagull", "gull", "鸟", "鸟儿", "海鸥", "飞鸟"},
    Extra.STARS: {"star", "constellation", "milky way", "星", "星星", "繁星", "银河", "星空"},
    Extra.MOON: {"moon", "crescent", "full moon", "月亮", "明月", "圆月", "满月", "月"},
    Extra.SUN: {"sun", "太阳", "夕阳", "落日", "旭日", "烈日", "朝阳"},
    Extra.BOAT: {
        "boat",
        "ship",
        "sailboat",
        "yacht",
        "vessel",
        "sailing boat",
        "船",
        "帆船",
        "小船",
    },
    Extra.TREES: {"tree", "pine", "oak", "birch", "cypress", "pine tree", "树", "树木", "松树"},
    Extra.LAKE: {"lake", "pond", "lagoon", "fjord", "river", "湖", "湖泊", "湖面", "池塘", "河"},
    Extra.LIGHTHOUSE: {"lighthouse", "beacon", "灯塔"},
    Extra.CLOUDS: {"cloud", "云", "云朵", "白云", "云彩"},
    Extra.PLANET: {"planet", "saturn", "jupiter", "earth", "行星", "星球", "地球", "土星", "木星"},
}
_SINGLE: Final = frozenset({Extra.TREES, Extra.BIRDS})
"""Extras of which there are always several: one alone is a cast member."""

_MODEST: Final = frozenset({"small", "little", "big", "old", "sailing", "pine", "full", "milky"})
_STAGED: Final = (Relation.ON, Relation.IN, Relation.UNDER, Relation.OVER)
_AIR: Final = frozenset({"air", "mid-air", "midair"})
_FUMES: Final = frozenset({"smoke", "steam", "蒸汽", "热气", "烟", "烟雾", "炊烟"})
_NATURAL: Final = frozenset(
    {None, Action.FLY, Action.SAIL, Action.FLOAT, Action.GLOW, Action.RISE, Action.FALL}
)


@dataclass(slots=True)
class _Casting:
    """Collects members and what is missing."""

    scene: SceneDescription
    members: list[Mention] = field(default_factory=list)
    missing: list[tuple[int, str, str]] = field(default_factory=list)
    drawn_apart: set[Extra] = field(default_factory=set)

    def miss(self, mention: Mention, kind: str = "noun", word: str = "") -> None:
        """List a mention as missing, by other words than its own if they are given."""
        self.missing.append((mention.position, word or mention.word, kind))
        if mention.verb:
            self.missing.append((mention.position + len(mention.word), mention.verb, "verb"))


def read_cast(
    text: str,
    mentions: Mentions,
    unwanted: Mentions,
    styles: StyleReading,
    refused: StyleReading,
    scene: SceneDescription,
) -> tuple[Cast, frozenset[Extra]]:
    """The cast, and the extras of the scene that are drawn as cast instead.

    Args:
        text: the prompt, normalised.
        mentions, styles: what it mentions, and its looks.
        unwanted, refused: the same of the negative prompt.
        scene: what it shows apart from the cast.
    """
    casting = _Casting(scene)
    _raise_smoke(mentions.nouns)
    for mention in mentions.nouns:
        if mention.denied or _is_unwanted(mention, unwanted.nouns):
            continue
        if is_undressed(mention):
            casting.miss(mention, word=name_of(text, mention))
        else:
            _place_one(mention, casting)
    for mention in casting.members[MAX_MEMBERS:]:
        casting.miss(mention)
    kept = _subject_first(casting.members[:MAX_MEMBERS])
    casting.missing += [(position, word, "verb") for position, word in mentions.verbs]
    casting.missing += [(position, word, "style") for position, word in styles.unknown]
    known = {id(mention): index for index, mention in enumerate(kept)}
    members = tuple(_member(mention, known) for mention in kept)
    followed = next((known[id(m)] for m in kept if m.followed), None)
    if followed is None and mentions.follows and members:
        followed = 0
    nothing = not members and scene.place is Place.BACKDROP and not scene.understood
    cast = Cast(
        members,
        tuple(style for style in styles.styles if style not in refused.styles),
        styles.size,
        followed,
        _listed(casting.missing),
        _title(text) if nothing else None,
    )
    return cast, frozenset(casting.drawn_apart)


def _subject_first(members: list[Mention]) -> list[Mention]:
    """The members with the subject of the shot before the others: not what it wears or is on."""
    for lead in members:
        carried = lead.role is Role.CLOTHES or lead.relation in (Relation.WEARING, Relation.HOLDING)
        stage = any(
            other.anchor is lead and other.relation in _STAGED and other.position > lead.position
            for other in members
        )
        if not (carried or stage):
            return [lead, *(each for each in members if each is not lead)]
    return members


def _raise_smoke(nouns: Sequence[Mention]) -> None:
    """Let the thing beside a word for steam or smoke give it off: nothing else shows it."""
    things = [each for each in nouns if each.role is Role.THING and each.concept is not None]
    for mention in nouns:
        if mention.base in _FUMES and mention.role is Role.SCENERY and not mention.denied:
            before = [each for each in things if each.position < mention.position]
            source = next(iter([*reversed(before), *things]), None)
            if source is None or not source.act(Action.SMOKE):
                mention.role = Role.THING


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    """Words for several people of different looks."""
    return {**noun_words(ENGLISH).groups, **noun_words(CHINESE).groups}


@cache
def _ground() -> frozenset[str]:
    """What is seen only where a place is painted with it."""
    return frozenset((*noun_words(ENGLISH).ground.words, *noun_words(CHINESE).ground.words))


def _gathered(mention: Mention) -> list[Mention]:
    """The people that a word for several stands for, each as a mention of the same word."""
    people = _groups().get(mention.base, ()) if not mention.plural else ()
    rest = [replace(mention, concept=each, followed=False) for each in people[1:]]
    if people:
        mention.concept, mention.counted, mention.count = people[0], True, 1
        for each in rest:
            each.counted, each.count = True, 1
    return [mention, *rest]


def _place_one(mention: Mention, casting: _Casting) -> None:
    """Put a mention into the cast, or list it, unless the scene shows it."""
    scene = casting.scene
    if mention.base in _groups() and not mention.plural:
        casting.members += _gathered(mention)
        return
    head = mention.base.split()[-1:]
    if scene.place is Place.TABLE_TOP and {mention.base, *head} & shown_at(scene.place):
        # The table of a table top is what the others stand on; what steams is one of them.
        guests = [each for each in casting.members if each.anchor is mention and not each.action]
        if mention.action and guests:
            guests[0].action = mention.action
        return
    extra = _extra_of(mention)
    if extra is not None and extra in scene.extras and _is_plain(mention, extra, scene):
        return
    if mention.role is Role.PLACE:
        _place_place(mention, casting)
    elif mention.base in _ground() and mention.role is Role.SCENERY:
        if mention.base not in shown_at(scene.place):
            casting.miss(mention)
    elif mention.role in (Role.THING, Role.CLOTHES, Role.PART):
        if mention.concept is None and mention.base in shown_at(scene.place):
            return
        if mention.concept is None:
            casting.miss(mention)
            return
        kind = library().get(mention.concept).kind
        if kind is Kind.SKY and scene.place in INDOORS and mention.relation is None and extra:
            casting.miss(mention)
            return
        if extra is not None:
            casting.drawn_apart.add(extra)
        casting.members.append(mention)


def _place_place(mention: Mention, casting: _Casting) -> None:
    scene, place = casting.scene, mention.place
    if mention.base in _ground():
        if mention.base not in shown_at(scene.place):
            casting.miss(mention)
        return
    if mention.concept is not None and mention.action is not None:
        casting.members.append(mention)
        return
    apart = mention.base in unpainted() and mention.base not in shown_at(scene.place)
    apart = apart and not (mention.modifier and place is not Place.CITY)  # a pool table
    if place is None or apart:
        casting.miss(mention, "place")
        return
    if place is scene.place or place.value == scene.terrain.value:
        return
    if mention.modifier or mention.base in shown_at(scene.place):
        return
    if mention.base in VAGUE:
        if not library_knows(mention):
            return
        if mention.concept is not None:
            casting.members.append(mention)
        else:
            casting.miss(mention)
        return
    if mention.weight < LEAST_WEIGHT or place.value in scene.understood:
        return
    if place is Place.SKY and (scene.place not in INDOORS or mention.base in _AIR):
        return
    if place is Place.BACKDROP and "background" not in mention.base:
        return  # the light of a studio
    if place is Place.SNOWFIELD and scene.season.value == "winter":
        return
    kind = library().get(mention.concept).kind if mention.concept else None
    if kind is Kind.BUILDING and scene.place not in INDOORS:
        casting.members.append(mention)
    else:
        casting.miss(mention, "place")


def library_knows(mention: Mention) -> bool:
    """Whether a word for a place is that of a thing too: a "pedestal"."""
    return mention.concept is not None or library().is_concrete(mention.base)


def _extra_of(mention: Mention) -> Extra | None:
    """The extra that a noun names."""
    last = mention.base.split()[-1] if mention.base else ""
    for extra, words in _EXTRAS.items():
        if mention.base in words or mention.word in words or last in words:
            return extra
    return None


def _is_plain(mention: Mention, extra: Extra, scene: SceneDescription) -> bool:
    """Whether the scene's own extra is just what the text says."""
    if scene.place not in LANDSCAPES and extra is not Extra.CLOUDS:
        return False
    if extra is Extra.BOAT:
        return False
    if (extra in _SINGLE and not mention.plural) or (
        " " in mention.base and mention.base.split()[0] not in _MODEST
    ):
        return False
    if extra is Extra.LIGHTHOUSE and mention.action is not Action.FALL:
        return True
    if mention.heading or mention.target or mention.followed or mention.colour or mention.counted:
        return False
    return mention.action in _NATURAL


def _is_unwanted(mention: Mention, unwanted: Iterable[Mention]) -> bool:
    """Whether the negative prompt takes a mention away."""
    for other in unwanted:
        if other.base == mention.base or (
            other.concept is not None and other.concept == mention.concept
        ):
            return True
        person = mention.concept and library().get(mention.concept).kind is Kind.PERSON
        if person and other.base in _EVERYBODY:
            return True
    return False


def _member(mention: Mention, known: dict[int, int]) -> CastMember:
    """The cast member of a mention; ``known`` gives the indices of those that are cast."""
    anchor = known.get(id(mention.anchor)) if mention.anchor else None
    target = known.get(id(mention.target)) if mention.target else None
    return CastMember(
        word=mention.word,
        concept=mention.concept or "",
        count=_count(mention),
        colour=mention.colour,
        size=round(min(max(mention.size, 0.1), 5.0), 3),
        action=_action(mention),
        target=target,
        heading=mention.heading,
        relation=mention.relation if anchor is not None else None,
        anchor=anchor,
        old=mention.old,
        guessed=mention.guessed,
    )


def _action(mention: Mention) -> Action | None:
    """What it does, in the way of what it is: a train that "crosses" drives."""
    concept = library().get(mention.concept or "")
    if concept.habitat is Habitat.WALL and mention.action is Action.FLOAT:
        return None  # it hangs there
    if concept.gait is Gait.DRIVE and mention.action is Action.FLOAT:
        return Action.DRIVE
    if concept.kind is Kind.VEHICLE and mention.action in (Action.WALK, Action.RUN, Action.DRIVE):
        ways = {Habitat.WATER: Action.SAIL, Habitat.AIR: Action.FLY}
        return ways.get(concept.habitat, Action.DRIVE)
    if concept.id == "fireworks" and mention.action is Action.BLOOM:
        return Action.EXPLODE
    return mention.action


def _count(mention: Mention) -> int:
    if not (mention.counted or mention.plural):
        return gathering(mention) or min(max(mention.count, 1), MOST)
    if not mention.counted and mention.base in _CROWDS:
        return _CROWD
    if mention.counted:
        return min(max(mention.count, 1), MOST)
    if mention.role is Role.CLOTHES or mention.relation is Relation.WEARING:
        return 1
    concept = library().get(mention.concept or "")
    tiny = concept.kind is Kind.PLANT or concept.habitat is Habitat.AIR
    swims = concept.kind is Kind.ANIMAL and concept.habitat is Habitat.WATER
    return _MANY if tiny or swims else _SOME


def _listed(missing: Sequence[tuple[int, str, str]]) -> tuple[Missing, ...]:
    """What is missing in the order of the text, each word once."""
    words = {word: kind for _, word, kind in sorted(missing, reverse=True)}
    ordered = sorted(words, key=lambda word: min(p for p, other, _ in missing if other == word))
    return tuple(Missing(word, words[word]) for word in ordered[:MAX_MISSING])


def _title(text: str) -> str | None:
    """The words of a text as they fit on a card."""
    words = re.sub(r"\s+", " ", re.sub(r"[^\w\s'.,!?&-]+", " ", text)).strip(" .,-&")
    if len(words) > MAX_TITLE:
        cut = words[: MAX_TITLE - 1]
        words = (cut[: cut.rindex(" ")] if " " in cut[MAX_TITLE // 2 :] else cut) + "…"
    return words or None
