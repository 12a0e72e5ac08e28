"""English sentences: which nouns do what, to what, and where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kirin.concepts.concept import Kind
from kirin.concepts.library import library
from kirin.domain.cast import Action, Heading, Relation
from kirin.prompt.lexicon import Noun, noun_of, place_weight, tables
from kirin.prompt.mentions import Mention, Mentions, Role
from kirin.prompt.negation import is_negated
from kirin.prompt.nouns import NounPhrase, is_nominal, read_phrase
from kirin.prompt.relations import Preposition, headings, preposition_of
from kirin.prompt.tokens import Token, sentences
from kirin.prompt.verbs import ActionVerb, Inflection, unlisted, verb_of
from kirin.prompt.vocabulary.cast import noun_words
from kirin.prompt.vocabulary.loader import ENGLISH

_AUXILIARIES: Final = frozenset(
    {"is", "are", "was", "were", "am", "be", "been", "being", "it's", "there's", "will", "would",
     "can", "could", "should", "must", "may", "might", "does", "do", "did", "has", "have", "had",
     "begins", "starts", "begin", "start", "starting", "beginning", "continues", "keeps", "gets"}
)  # fmt: skip
_RELATIVE: Final = frozenset({"who", "which", "that"})
_FOLLOW: Final = frozenset({"follow", "track", "chase", "trail"})
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

_VIOLENT: Final = frozenset(
    {Action.BURN, Action.EXPLODE, Action.MELT, Action.SHAKE, Action.SHRINK, Action.SPIN}
)
"""What places are not seen to do."""

_FRAMINGS: Final = frozenset({"portrait", "photo", "picture", "painting", "drawing", "poster"})
_HAND: Final = 1.3  # metres; larger things stand beside whoever is "with" them
_PEOPLE: Final = {"he": "man", "she": "woman"}
_SEEN: Final = (Role.THING, Role.CLOTHES, Role.PART)


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


class _Sentence:
    """Reads one sentence from left to right."""

    def __init__(
        self,
        text: str,
        tokens: list[Token],
        covered: set[int],
        ways: list[tuple[int, int, Heading]],
        into: Mentions,
        known: list[Mention],
    ) -> None:
        self._text = text
        self._tokens = tokens
        self._covered = covered
        self._ways = {start: (end, way) for start, end, way in ways}
        self._into = into
        self._known = known
        self.subject: list[Mention] = []
        self._site: list[Mention] = []
        self._site_by: Preposition | None = None
        self._base: list[Mention] = []
        self._pending: Preposition | None = None
        self._doers: list[Mention] = []
        self._fronted: tuple[Relation, Mention] | None = None
        self._orphan: tuple[ActionVerb, Token] | None = None
        self._camera = False
        self._following = False
        self._bare = False
        self._last = "start"

    def read(self) -> None:
        """Read all of it."""
        index = 0
        while index < len(self._tokens):
            index = max(self._step(index), index + 1)
        if self._following:
            self._into.follows = True
        if self._orphan and self._orphan[0].action:
            self._settle_orphan()

    def _settle_orphan(self) -> None:
        assert self._orphan is not None
        verb, token = self._orphan
        if not self._camera:
            self._into.verbs.append((token.start, self._words_of(verb, token)))

    def _step(self, index: int) -> int:
        """Read what starts at a token; the index after it."""
        token = self._tokens[index]
        if token.start in self._covered:
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
            return index + 1
        if token.text in _AUXILIARIES:
            self._last = "aux"
            return index + 1
        if (verb := self._verb_at(index)) is not None:
            self._read_verb(verb, token)
            return index + verb.length
        if token.text == "to":
            following = self._tokens[index + 1 : index + 4]
            verb = verb_of([each.text for each in following]) if following else None
            noun = noun_of((following[0].text,)) if following else None
            if verb and verb.form is Inflection.BASE and not (noun and noun.role in _SEEN):
                self._last = "to"
                return index + 1
        if found := preposition_of([each.text for each in self._tokens[index : index + 5]]):
            self._read_preposition(found)
            return index + found.length
        if (
            token.text in noun_words(ENGLISH).subject_pronouns
            and not is_nominal(self._tokens, index + 1)
        ) or token.text in ("he", "she", "they", "it"):
            return self._read_pronoun(index)
        if self._last == "aux" and self._read_predicate(index):
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
        doers = self._doers or [each for each in self._site if each.role in _SEEN] or self.subject
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
        antecedent = [each for each in self.subject or self._known if each.role in _SEEN]
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
        self._site, self._site_by, self._last = antecedent, None, "noun"
        self.subject = antecedent
        self._camera = False
        return index + 1

    def _refer(self, antecedent: list[Mention]) -> None:
        """Take a pronoun after a verb or a preposition for someone mentioned before."""
        pending, self._pending, self._last = self._pending, None, "noun"
        if self._following and antecedent:
            self._follow(antecedent[0])
        if pending is None or pending.relation is None:
            return
        things = [each for each in self._into.nouns if each.role is Role.THING]
        for each in self._base:
            others = [other for other in things if other is not each]
            if others and each.role in _SEEN:
                each.put(pending.relation, others[0])

    def _read_predicate(self, index: int) -> bool:
        """Read a colour, a size or an age that is said of the subject: "the ball is red"."""
        table, text = tables(), self._tokens[index].text
        if is_nominal(self._tokens, index + 1) or not self.subject:
            return False
        for mention in self.subject:
            if text in table.colours:
                mention.colour = mention.colour or table.colours[text]
            elif text in table.sizes:
                mention.size *= table.sizes[text]
            elif text in table.old:
                mention.old = True
            else:
                return False
        return True

    def _read_preposition(self, found: Preposition) -> None:
        if self._last == "noun":
            seen = [each for each in self._site if each.role in _SEEN]
            self._base = seen or self.subject
            if found.text == "of":
                self._base = seen
                self._drop_framing()
        elif self._last == "verb":
            self._base = self._doers
        else:
            self._base = self.subject
        self._pending, self._last, self._bare = found, "prep", self._last == "verb"

    def _drop_framing(self) -> None:
        """Take "a portrait of ..." at the start of a clause for a kind of shot."""
        for mention in self._base:
            if mention.base in _FRAMINGS and self._site_by is None and mention in self.subject:
                self._into.nouns.remove(mention)
                self.subject, self._site, self._base = [], [], []
                return

    # Verbs

    def _verb_at(self, index: int) -> ActionVerb | None:
        """The verb that stands at a token, given what stands before it."""
        words = [each.text for each in self._tokens[index : index + 4]]
        verb = verb_of(words)
        noun = noun_of((words[0],))
        if self._last == "noun":
            if verb is None:
                return unlisted(words[0]) if noun is None else None
            return verb if self._finite(verb, index) else None
        if verb is None:
            return unlisted(words[0]) if self._last == "aux" and noun is None else None
        if self._last in ("aux", "to"):
            return verb
        if self._last in ("verb", "prep") or preposition_of(words):
            return None
        return verb if self._leads(verb, index, noun) else None

    def _finite(self, verb: ActionVerb, index: int) -> bool:
        """Whether a verb after a noun that has ended is one, and no noun."""
        if verb.form in (Inflection.THIRD, Inflection.PARTICIPLE, Inflection.PAST):
            return not preposition_of([each.text for each in self._tokens[index : index + 4]])
        many = len(self._site) > 1 or any(each.plural or each.counted for each in self._site)
        after_pronoun = index > 0 and self._tokens[index - 1].text in ("they", "who", "that", "to")
        return many or after_pronoun

    def _leads(self, verb: ActionVerb, index: int, noun: Noun | None) -> bool:
        """Whether a word at the start, after a comma or after "and" is a verb."""
        goes_on = is_nominal(self._tokens, index + verb.length)
        if verb.form is Inflection.PARTICIPLE:
            return not goes_on or verb.length > 1
        if verb.form is Inflection.THIRD:
            if self._last == "and" and any(map(_is_alive, self._doers)) and not goes_on:
                return True
            if noun and (noun.role in (Role.SCENERY, Role.PLACE) or goes_on):
                return False
            return bool(self.subject) and bool(self._doers or self._last == "comma")
        if verb.form is Inflection.BASE:
            if self._last == "and":
                return bool(self._doers) and not (noun and noun.role in _SEEN and not self._many())
            return self._last == "start" and not goes_on and noun is None
        return False

    def _many(self) -> bool:
        return any(each.plural or each.count > 1 for each in self.subject) or len(self.subject) > 1

    def _ends_noun(self, index: int, noun: Noun) -> bool:
        """Whether a noun is over because the token after it is a verb."""
        words = [each.text for each in self._tokens[index : index + 4]]
        if words[0] in _AUXILIARIES:
            return True
        verb = verb_of(words)
        other = noun_of((words[0],))
        before = self._tokens[index - 1].text
        many = (
            before != noun.base.split()[-1]
            or (self._last == "and" and bool(self._site))
            or self._tokens[max(index - noun.length - 1, 0)].text in noun_words(ENGLISH).numbers
        )
        if verb is None:
            return other is None and unlisted(words[0]) is not None
        if verb.form is Inflection.BASE:
            if noun.role is Role.FLUFF and noun.base == "camera":
                return True
            return many and (verb.action is not None or other is None)
        if verb.form is Inflection.PARTICIPLE:
            alive = noun.role is Role.THING and noun.concept is not None
            return alive or other is None or other.concept is None
        if verb.form is Inflection.THIRD:
            return self._third(index + verb.length, noun, other, many=many)
        return True

    def _third(self, after: int, noun: Noun, other: Noun | None, *, many: bool) -> bool:
        """Whether a word in -s after a noun is a verb: "a man waves", but "ocean waves"."""
        if _is_alive(noun):
            return not many or not is_nominal(self._tokens, after)
        if other and other.role in (Role.SCENERY, Role.PLACE):
            return False
        if other and noun.role in (Role.SCENERY, Role.PLACE, Role.FLUFF):
            return False
        return not many or not is_nominal(self._tokens, after)

    def _read_verb(self, verb: ActionVerb, token: Token) -> None:
        doers = self._doers_of(verb)
        self._pending = None
        first, self._last = self._last == "start", "verb"
        if self._camera or (first and not doers and verb.lemma in _FOLLOW):
            self._following = self._following or verb.lemma in _FOLLOW
            self._doers = []
            return
        self._doers = doers
        if verb.stative or is_negated(self._text, token.start):
            return
        word = self._words_of(verb, token)
        seen = [each for each in doers if each.role in _SEEN]
        if verb.action is None:
            if seen or not doers:
                self._into.verbs.append((token.start, word))
        elif seen:
            self._act(seen, verb.action, token.start, word)
        elif not doers:
            if self._orphan:
                self._settle_orphan()
            self._orphan = (verb, token)
        elif verb.action in _VIOLENT and any(each.role is Role.PLACE for each in doers):
            known = [each for each in doers if each.concept is not None]
            if not [each for each in known if each.act(verb.action)]:
                self._into.verbs.append((token.start, word))

    def _act(self, doers: list[Mention], action: Action, position: int, word: str) -> None:
        done = False
        for mention in doers:
            done = mention.act(action) or done
        if not done:
            self._into.verbs.append((position, word))

    def _doers_of(self, verb: ActionVerb) -> list[Mention]:
        """Who or what does it."""
        if self._last == "noun":
            seen = [each for each in self._site if each.role in _SEEN]
            leading = [each for each in self.subject if each.role in _SEEN]
            free = self._site_by is None or not leading
            if seen and (verb.form is Inflection.PARTICIPLE or free):
                worn = all(each.role is not Role.THING for each in seen)
                return leading if worn and leading else seen
            if not seen and (not leading or self._site_by is None):
                return self._site
        if self.subject:
            return self.subject
        return [] if self._last == "start" else self._known

    def _words_of(self, verb: ActionVerb, token: Token) -> str:
        at = self._tokens.index(token)
        return " ".join(each.text for each in self._tokens[at : at + verb.length])

    # Nouns

    def _read_phrase(self, phrase: NounPhrase) -> None:
        self._into.verbs += phrase.verbs
        self._into.nouns += phrase.places
        mention = phrase.head
        if mention is None:
            return
        mention.denied = (
            mention.denied
            or is_negated(self._text, mention.position)
            or (self._pending is not None and self._pending.text in ("without", "instead of"))
        )
        if mention.role is Role.CAMERA or mention.base == "shot":
            self._camera, self._last, self._pending = True, "noun", None
            self._site, self._site_by = [], None
            return
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
        if mention.place is not None:
            text = self._pending.text if self._pending else None
            mention.weight = place_weight(mention.base, text)
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
                self.subject = list(dict.fromkeys([*self.subject, mention]))
            elif mention not in self.subject:
                self._aim(mention)
            return
        self._site, self._site_by = [mention], pending
        if pending is not None and not (pending.text == "of" and not self._base):
            self._relate(mention, pending)
        elif before == "verb" and (self._doers or self._following):
            self._aim(mention)
        elif self._following and before != "start":
            self._follow(mention)
        elif mention.role in (Role.THING, Role.PLACE, Role.SCENERY, Role.CLOTHES, Role.PART):
            self._introduce(mention)

    def _introduce(self, mention: Mention) -> None:
        """Take a mention for the subject of what follows."""
        if mention.role not in _SEEN and self.subject:
            return
        self._camera = False if mention.role in _SEEN else self._camera
        self.subject = [mention]
        self._doers = []
        if mention.role not in _SEEN:
            return
        if self._fronted:
            mention.put(*self._fronted)
            self._fronted = None
        if self._orphan:
            verb, token = self._orphan
            if verb.action:
                self._act([mention], verb.action, token.start, self._words_of(verb, token))
            self._orphan = None

    def _aim(self, mention: Mention) -> None:
        """Take a mention for what the last verb is done to."""
        if self._following:
            self._follow(mention)
        if mention.role in _SEEN:
            for doer in self._doers:
                if doer.action and doer.target is None and doer is not mention:
                    doer.target = mention

    def _follow(self, mention: Mention) -> None:
        if mention.role is Role.THING:
            mention.followed = True
            self._following = False
            if not self.subject:
                self.subject = [mention]

    def _relate(self, mention: Mention, by: Preposition) -> None:
        """Relate a mention to the base of its preposition."""
        if mention.role not in _SEEN:
            return
        base = [each for each in self._base if each is not mention and each.role in _SEEN]
        if not base:
            if by.relation is not None and not self._base:
                self._fronted = (by.relation, mention)
                if by.text in ("with", "holding", "wearing"):
                    self._fronted = None
            return
        first = base[0]
        aims = self._bare and by.text in _AIMING and first.action in _AIMED
        if by.text in ("with", "filled with", "full of", "containing") and not aims:
            mention.put(_with(first, mention), first)
        elif by.text == "of":
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
                    each.put(by.relation, mention)


def _is_alive(noun: Noun | Mention) -> bool:
    """Whether a noun is a person or an animal."""
    if noun.concept is None:
        return False
    return library().get(noun.concept).kind in (Kind.PERSON, Kind.ANIMAL)


def _with(first: Mention, other: Mention) -> Relation:
    """What "with" says of a thing: a girl holds a balloon, and wears a hat."""
    if other.role is Role.CLOTHES:
        return Relation.WEARING
    if first.concept is None or other.concept is None:
        return Relation.BESIDE
    holder, held = library().get(first.concept), library().get(other.concept)
    small = held.size < _HAND and held.kind not in (Kind.PERSON, Kind.ANIMAL, Kind.BUILDING)
    return Relation.HOLDING if holder.kind is Kind.PERSON and small else Relation.BESIDE
