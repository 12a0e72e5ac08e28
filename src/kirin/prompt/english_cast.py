"""English sentences: which nouns do what, to what, and where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kirin.concepts.concept import Kind
from kirin.concepts.library import library
from kirin.domain.cast import Action, Relation
from kirin.domain.intent import Place
from kirin.prompt.english_clause import AUXILIARIES, SEEN, is_alive, is_person
from kirin.prompt.english_nouns import EnglishNouns
from kirin.prompt.lexicon import noun_of, place_weight
from kirin.prompt.mentions import Mention, Mentions, Role
from kirin.prompt.negation import is_negated
from kirin.prompt.nouns import NounPhrase, is_nominal, read_phrase
from kirin.prompt.places import entered_place
from kirin.prompt.relations import Preposition, headings, preposition_of
from kirin.prompt.senses import has_sense
from kirin.prompt.tokens import sentences
from kirin.prompt.verbs import Inflection, needs_life, verb_of
from kirin.prompt.vocabulary.cast import noun_words
from kirin.prompt.vocabulary.loader import ENGLISH

_RELATIVE: Final = frozenset({"who", "which", "that"})
_AIMED: Final = frozenset(
    {Action.LOOK, Action.APPROACH, Action.ENTER, Action.LEAVE, Action.CHASE, Action.RIDE,
     Action.TALK, Action.WAVE, Action.FIGHT, Action.THROW, Action.CATCH, Action.PLAY, Action.POUR,
     Action.EAT, Action.DRINK, Action.READ, Action.WRITE, Action.CLIMB}
)  # fmt: skip
"""Actions that aim at what stands after "at", "to", "with", "into", "from" ..."""

_AIMING: Final = frozenset(
    {"at", "to", "toward", "towards", "into", "after", "against", "on", "from", "with", "through",
     "for"}
)  # fmt: skip
_CARRIED: Final = frozenset({Action.RIDE, Action.CLIMB, Action.SIT, Action.SLEEP})
"""Of those, the actions that are done on it."""

_HAND: Final = 1.3  # metres; larger things stand beside whoever is "with" them
_OUTSIDE: Final = frozenset({"in front of", "outside", "past", "opposite"})
_FRONTS: Final = frozenset(
    {Place.CAFE, Place.RESTAURANT, Place.SHOP, Place.CHURCH, Place.MUSEUM, Place.HOSPITAL}
)
"""Houses that are known by their fronts."""

_OF_CLOTHES: Final = frozenset({"of", "with"})
_UPON: Final = frozenset({"on", "onto", "upon", "across"})
_ABOARD: Final = _UPON | {"in", "inside", "inside of", "within", "aboard", "on board"}
_SEATED: Final = (Relation.ON, Relation.IN)
_PEOPLE: Final = {"he": "man", "she": "woman"}


def read_english(text: str, spans: Sequence[tuple[int, int]], into: Mentions) -> None:
    """Add what the English sentences of a text mention.

    Args:
        text: normalised, without quotations.
        spans: characters that are about looks or changes of the light; sorted or not.
        into: what is mentioned so far.
    """
    covered = {at for start, end in spans for at in range(start, end)}
    ways = [way for way in headings(text) if way[0] not in covered]
    known: list[Mention] = []
    for tokens in sentences(text):
        sentence = _Sentence(text, tokens, covered, ways, into, known)
        sentence.read()
        known = sentence.subject or known


class _Sentence(EnglishNouns):
    """Reads one sentence from left to right."""

    def read(self) -> None:
        """Read all of it."""
        index = 0
        while index < len(self._tokens):
            index = max(self._step(index), index + 1)
        if self._following:
            self._into.follows = True
        self._settle_orphan()

    def _step(self, index: int) -> int:
        """Read what starts at a token; the index after it."""
        token = self._tokens[index]
        if token.start in self._covered:
            self._read_shot(index)
            return index + 1
        if token.start in self._ways:
            return self._read_heading(index)
        if not token.is_word or token.text in ("and", "or", "&"):
            return self._read_joint(index)
        if token.text in noun_words(ENGLISH).clause_starters and self._starts_clause(index):
            self._last, self._pending, self._camera = "start", None, False
            self._known, self.subject = self.subject or self._known, []
            return index + 1
        if token.text in _RELATIVE and self._last == "noun":
            self._relative = True
            return index + 1
        if token.text in AUXILIARIES:
            self._last = "aux"
            return index + 1
        if self._read_state(index):
            return index + 1
        if (verb := self._verb_at(index)) is not None:
            self._read_verb(verb, token)
            last = noun_of((self._tokens[index + verb.length - 1].text,))
            named = verb.length > 2 and last is not None and last.place is not None
            return index + verb.length - named  # "takes a bath" says where it plays
        if token.text == "to":
            following = self._tokens[index + 1 : index + 4]
            verb = verb_of([each.text for each in following]) if following else None
            noun = noun_of((following[0].text,)) if following else None
            if verb and verb.form is Inflection.BASE and not (noun and noun.role in SEEN):
                self._last = "to"
                return index + 1
        if found := preposition_of([each.text for each in self._tokens[index : index + 5]]):
            self._index = index + found.length - 1
            self._read_preposition(found)
            return index + found.length
        if (
            token.text in noun_words(ENGLISH).subject_pronouns
            and not is_nominal(self._tokens, index + 1)
        ) or (
            token.text in ("he", "she", "they", "it")
            or (token.text == "her" and not is_nominal(self._tokens, index + 1))
        ):
            return self._read_pronoun(index)
        if self._last == "aux" and self._read_predicate(index):
            return index + 1
        if self._is_adverb(index):
            return index + 1
        phrase = read_phrase(self._tokens, index, self._ends_noun)
        if phrase is None:
            return index + 1
        self._read_phrase(phrase)
        return phrase.end

    def _starts_clause(self, index: int) -> bool:
        """Whether a word such as "as" begins a clause: not "as a pirate", which has no verb."""
        if self._tokens[index].text != "as":
            return True
        return any(
            (verb := verb_of([each.text])) is not None and verb.form is not Inflection.BASE
            for each in self._tokens[index + 1 : index + 8]
        )

    def _read_heading(self, index: int) -> int:
        end, way = self._ways[self._tokens[index].start]
        start = index
        verb = self._verb_at(index)
        if verb is not None:
            self._read_verb(verb, self._tokens[index])
        doers = self._doers or [each for each in self._site if each.role in SEEN] or self.subject
        if not self._camera:
            for mention in doers:
                mention.heading = mention.heading or way
        while index < len(self._tokens) and self._tokens[index].start < end:
            index += 1
        return max(index, start + 1)

    def _read_joint(self, index: int) -> int:
        token = self._tokens[index]
        self._last = (
            "and"
            if token.text in ("and", "or", "&")
            else ("start" if token.text in (":", "/") else "comma")
        )
        self._pending = None
        if self._last != "and":
            self._site_by = None
            self._camera = self._camera and self._last == "comma" and self._following
        return index + 1

    def _read_pronoun(self, index: int) -> int:
        antecedent = [each for each in self.subject or self._known if each.role in SEEN]
        if self._last in ("verb", "prep"):
            self._refer(antecedent)
            return index + 1
        token = self._tokens[index]
        if not antecedent and token.text in _PEOPLE:
            # Nobody has been named: the pronoun itself says who is on screen.
            person = Mention(token.text, token.text, token.start, Role.THING, _PEOPLE[token.text])
            person.guessed = True
            self._into.nouns.append(person)
            antecedent = [person]
        if token.text == "it" and any(map(is_person, antecedent)):
            things = [each for each in self._into.nouns if each.role is Role.THING]
            antecedent = [each for each in things if not is_person(each)][-1:] or antecedent
        self._site, self._site_by, self._last = antecedent, None, "noun"
        self.subject = antecedent
        self._camera = False
        return index + 1

    def _refer(self, antecedent: list[Mention]) -> None:
        """Take a pronoun after a verb or a preposition for someone mentioned before."""
        pending, self._pending, self._last = self._pending, None, "noun"
        if self._following and antecedent:
            self._follow(antecedent[0])
        things = [each for each in self._into.nouns if each.role is Role.THING]
        if pending is None or pending.relation is None:
            for each in self._doers:
                others = [other for other in things if other is not each]
                if each.action in _CARRIED and others and each.target is None:
                    each.target = others[0]
                    each.put(Relation.ON, others[0])
            return
        for each in self._base:
            others = [other for other in things if other is not each]
            if others and each.role in SEEN:
                each.put(pending.relation, others[0])

    def _read_preposition(self, found: Preposition) -> None:
        if self._last == "noun" and " " in found.text:
            verb = verb_of(found.text.split())  # "sitting on"
            doers = [each for each in self._site if each.role in SEEN]
            if verb is not None and verb.action is not None and verb.form is not Inflection.BASE:
                done = verb.form is Inflection.PAST and needs_life(verb.action)
                for mention in doers:
                    if not done or is_alive(mention):
                        mention.act(verb.action)
        if self._last == "noun":
            seen = [each for each in self._site if each.role in SEEN]
            self._base = seen or self.subject
            if found.text == "of":
                self._base = seen
                self._drop_framing()
                self._take_whole()
            elif found.relation is Relation.BESIDE and self._is_on_top():
                self._base = list(self._stood)  # "a cup on a table next to a plate"
            elif found.relation in _SEATED:
                self._base = self._sitters(seen) or self._base
        elif self._last == "verb":
            self._base = self._doers
        else:
            self._base = self.subject
        self._pending, self._last, self._bare = found, "prep", self._last == "verb"

    def _read_phrase(self, phrase: NounPhrase) -> None:
        self._into.verbs += phrase.verbs
        self._into.nouns += phrase.places
        mention = phrase.head
        if mention is None or mention.position in self._covered:
            return
        if self._pending and self._pending.text in _ABOARD and mention.role in SEEN:
            place = entered_place(mention.base)
            if place is not None and (mention.base != "moon" or self._pending.text in _UPON):
                mention.role, mention.place, mention.concept = Role.PLACE, place, None
        mention.denied = (
            mention.denied
            or is_negated(self._text, mention.position)
            or (self._pending is not None and self._pending.text in ("without", "instead of"))
        )
        if mention.role is Role.CAMERA or mention.base == "shot":
            self._camera, self._last, self._pending = True, "noun", None
            self._site, self._site_by = [], None
            return
        if mention.role is Role.FLUFF and has_sense(self._text, mention.base):
            mention.role = Role.THING
        if mention.role is Role.FLUFF:
            self._last = "noun" if self._last != "verb" else "verb"
            self._site, self._site_by, self._pending = [], self._pending, None
            return
        if self._pending is not None and self._pending.text in ("like", "unlike", "as", "than"):
            self._pending, self._last, self._site = None, "noun", []
            return
        if mention.role is Role.PART:
            mention.role = Role.SCENERY if self._someone() else Role.THING
        if mention.base in ("sun", "moon") and self._pending and self._last == "prep":
            under = self._pending.text in ("in", "under", "by")
            mention.role = Role.SCENERY if under else mention.role
        if self._whole is not None and not self._replace_whole(mention):
            return
        if mention.place is not None:
            text = self._pending.text if self._pending else None
            mention.weight = place_weight(mention.base, text)
            if text in _OUTSIDE and mention.place in _FRONTS:
                mention.place = Place.STREET  # before the house and not in it
        self._into.nouns.append(mention)
        self._join(mention)

    def _someone(self) -> bool:
        return any(each.role is Role.THING for each in self._into.nouns)

    def _join(self, mention: Mention) -> None:
        """Relate a mention to what stands before it."""
        before, self._last = self._last, "noun"
        pending, self._pending = self._pending, None
        if pending is None and before == "and" and self._site_by is not None:
            pending = self._site_by
        elif pending is None and before == "and" and self._site:
            self._site = [*self._site, mention]
            if self.subject and self.subject[-1] in self._site:
                self.subject = list(dict.fromkeys([*self._listed, *self.subject, mention]))
                self._site = list(self.subject)
            elif mention not in self.subject:
                self._aim(mention)
            return
        if before == "comma" and pending is None and self.subject and not self._doers:
            self._listed = [*self._listed, *self.subject]
        elif before != "and":
            self._listed = []
        self._site, self._site_by = [mention], pending
        if pending is not None and not (pending.text == "of" and not self._base):
            self._relate(mention, pending)
            if self._following and pending.text != "of" and not self.subject:
                self._follow(mention)
        elif before == "verb" and (self._doers or self._following):
            self._aim(mention)
        elif self._following and before != "start":
            self._follow(mention)
        elif mention.role in (Role.THING, Role.PLACE, Role.SCENERY, Role.CLOTHES, Role.PART):
            self._introduce(mention)

    def _introduce(self, mention: Mention) -> None:
        """Take a mention for the subject of what follows."""
        if mention.role not in SEEN and self.subject:
            return
        self._camera = False if mention.role in SEEN else self._camera
        self.subject = [mention]
        self._doers = []
        if mention.role not in SEEN:
            return
        if self._fronted:
            mention.put(*self._fronted)
            self._fronted = None
        if self._orphan:
            verb, token = self._orphan
            if verb.action:
                self._act([mention], verb.action, token.start, self._words_of(verb, token))
            self._orphan = None

    def _relate(self, mention: Mention, by: Preposition) -> None:
        """Relate a mention to the base of its preposition."""
        if mention.role not in SEEN:
            return
        base = [each for each in self._base if each is not mention and each.role in SEEN]
        if not base:
            if by.relation is not None and not self._base:
                self._fronted = (by.relation, mention)
                if by.text in ("with", "holding", "wearing"):
                    self._fronted = None
            return
        if by.text not in _OF_CLOTHES:
            base = [each for each in dict.fromkeys(map(_wearer, base)) if each is not mention]
            if not base:
                return
        first = base[0]
        self._stood = list(base)
        aims = self._bare and by.text in _AIMING and first.action in _AIMED
        if by.text in ("with", "filled with", "full of", "containing") and not aims:
            mention.put(_with(first, mention), first)
        elif by.text == "of" and is_person(first):
            pass  # the staff of a hotel
        elif by.text == "of" and not self._bare:
            mention.put(Relation.IN, first)
        elif by.relation in (Relation.HOLDING, Relation.WEARING):
            mention.put(by.relation, first)
        elif by.text == "in" and mention.role is Role.CLOTHES:
            mention.put(Relation.WEARING, first)
        else:
            for each in base:
                if aims:
                    each.target = each.target or mention
                if by.relation is not None and (not aims or first.action in _CARRIED):
                    free = each.relation is None
                    each.put(by.relation, mention)
                    if not free and by.relation is Relation.BESIDE:
                        mention.put(by.relation, each)


def _wearer(mention: Mention) -> Mention:
    """Who wears it: of "a woman in a red dress under a tree" she is under the tree."""
    if mention.relation is Relation.WEARING and mention.anchor is not None:
        return mention.anchor
    return mention


def _with(first: Mention, other: Mention) -> Relation:
    """What "with" says of a thing: a girl holds a balloon, and wears a hat."""
    if other.role is Role.CLOTHES:
        return Relation.WEARING
    if first.concept is None or other.concept is None:
        return Relation.BESIDE
    holder, held = library().get(first.concept), library().get(other.concept)
    small = held.size < _HAND and held.kind not in (Kind.PERSON, Kind.ANIMAL, Kind.BUILDING)
    return Relation.HOLDING if holder.kind is Kind.PERSON and small else Relation.BESIDE
