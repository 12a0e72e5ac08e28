"""Two beings in one noun: a "robot waiter" is drawn as a robot, a "woman pilot" as a woman."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kirin.concepts.concept import Kind
from kirin.concepts.library import library
from kirin.prompt.lexicon import Noun, noun_of
from kirin.prompt.mentions import Mention, Role
from kirin.prompt.tokens import Token

_CREATURES: Final = frozenset(
    {"robot", "android", "cyborg", "alien", "zombie", "vampire", "skeleton", "ghost", "mummy",
     "goblin", "elf", "fairy", "mermaid", "demon", "monster"}
)  # fmt: skip
"""They look like themselves, whatever their trade is."""

_SEXES: Final = {"woman": "woman", "girl": "woman", "lady": "woman", "man": "man", "boy": "man"}
_KIN: Final = frozenset({"mother", "father", "mom", "dad", "parent", "baby", "male", "female"})
_ANYBODY: Final = frozenset({"person", "person-standing"})
_BEINGS: Final = frozenset({Kind.PERSON, Kind.ANIMAL})


def is_creature(tokens: Sequence[Token], index: int) -> bool:
    """Whether a word that may be an adjective says who somebody is: "an alien pirate"."""
    if tokens[index].text not in _CREATURES or index + 1 >= len(tokens):
        return False
    after = noun_of((tokens[index + 1].text,))
    return after is not None and _kind(after) is Kind.PERSON


def settle_compound(
    tokens: Sequence[Token], mention: Mention, before: Sequence[tuple[Noun, int]]
) -> list[Mention]:
    """Draw somebody as the being that is named right before; what of the two is not seen.

    Args:
        tokens: of the sentence.
        mention: of the head, which may get another concept.
        before: the nouns before the head, with the indices of their first tokens.
    """
    found = _being_before(tokens, mention, before)
    if found is None:
        return []
    noun, index = found
    word = " ".join(token.text for token in tokens[index : index + noun.length])
    same = _of_sex(noun.base, mention.concept or "")
    if same is None and noun.base in _SEXES and mention.concept in _ANYBODY:
        same, mention.guessed = noun.concept, True
    if same is not None:
        mention.concept = same
        return []
    person = library().get(mention.concept or "").kind is Kind.PERSON
    if noun.base in _CREATURES and noun.concept and person:
        lost = _lost(mention.word, mention.base, mention.position)
        mention.concept, mention.guessed = noun.concept, True
        mention.word, mention.position = f"{word} {mention.word}", tokens[index].start
        return [lost]
    return [_lost(word, noun.base, tokens[index].start)]


def _being_before(
    tokens: Sequence[Token], mention: Mention, before: Sequence[tuple[Noun, int]]
) -> tuple[Noun, int] | None:
    """The other being right before the head of a noun phrase, with its first token."""
    head = library().get(mention.concept).kind if mention.concept else None
    if head not in _BEINGS or not before:
        return None
    noun, index = before[-1]
    apart = tokens[index + noun.length].start != mention.position  # "the girl's mother"
    being = noun.base in _CREATURES or is_being(noun)
    if apart or noun.role is not Role.THING or not being or noun.concept == mention.concept:
        return None
    sort = head is Kind.ANIMAL and (_kind(noun) is Kind.ANIMAL or noun.base in _KIN)
    return None if sort else (noun, index)  # a "cat fish" is a fish


def _lost(word: str, base: str, position: int) -> Mention:
    """What is named and not drawn; it plays no other part in the text."""
    lost = Mention(word, base, position, Role.THING)
    lost.modifier = True
    return lost


def is_being(noun: Noun) -> bool:
    """Whether a noun is drawn as a person or an animal."""
    return _kind(noun) in _BEINGS


def _kind(noun: Noun) -> Kind | None:
    return library().get(noun.concept).kind if noun.concept else None


def _of_sex(word: str, concept: str) -> str | None:
    """The art of a woman or a man of a trade, if a word says so and there is one."""
    sex, trade = _SEXES.get(word), concept.removesuffix("-standing")
    names = (f"{sex}-{trade}-standing", f"{sex}-{trade}")
    return next((name for name in names if sex and name in library()), None)
