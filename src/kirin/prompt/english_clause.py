"""Verbs of an English sentence, and who does them."""

from __future__ import annotations

from functools import cache
from typing import Final

from kirin.concepts.concept import Kind
from kirin.concepts.library import library
from kirin.domain.cast import Action, Heading, Relation
from kirin.prompt.lemmas import verb_lemma
from kirin.prompt.lexicon import Noun, noun_of, tables
from kirin.prompt.mentions import Deed, Mention, Mentions, Role
from kirin.prompt.negation import is_negated
from kirin.prompt.nouns import gathering, is_nominal
from kirin.prompt.relations import Preposition, preposition_of
from kirin.prompt.tokens import Token
from kirin.prompt.verbs import ActionVerb, Inflection, needs_life, unlisted, verb_of
from kirin.prompt.vocabulary.cast import noun_words, verb_words
from kirin.prompt.vocabulary.loader import ENGLISH

AUXILIARIES: Final = frozenset(
    {"is", "are", "was", "were", "am", "be", "been", "being", "it's", "there's", "will", "would",
     "can", "could", "should", "must", "may", "might", "does", "do", "did", "has", "have", "had",
     "begins", "starts", "begin", "start", "starting", "beginning", "continues", "keeps", "gets"}
)  # fmt: skip
_FOLLOW: Final = frozenset({"follow", "track", "chase", "trail"})
_LABOUR: Final = frozenset(
    {"knit", "build", "dig", "weld", "push", "pull", "press", "wrap", "fix", "repair", "hammer",
     "wash", "brush", "sweep", "scrub", "mop", "clean", "dust", "pet", "stroke", "lift"}
)  # fmt: skip
"""Verbs that only somebody does, of those that are shown by shaking."""

_FLOWING: Final = frozenset({"flow", "trickle", "drip", "cascade", "billow", "stream"})
"""What hair, clothes and water do: nobody falls by it."""

_PARTICLES: Final = ("over", "up", "down", "out", "off", "away")

_SHOTS: Final = frozenset({"shot", "footage", "view", "drone", "camera", "flycam"})
_VIOLENT: Final = frozenset(
    {Action.BURN, Action.EXPLODE, Action.MELT, Action.SHAKE, Action.SHRINK, Action.SPIN}
)
"""What places are not seen to do."""

SEEN: Final = (Role.THING, Role.CLOTHES, Role.PART)


class EnglishClause:
    """What has been read of a sentence, and its verbs."""

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
        self._framed = False
        self._bare = False
        self._relative = False
        self._whole: Mention | None = None
        self._listed: list[Mention] = []
        self._stood: list[Mention] = []
        self._index = 0
        self._last = "start"

    def _settle_orphan(self) -> None:
        """List a verb as missing for which nobody has come."""
        if self._orphan is None:
            return
        verb, token = self._orphan
        if not self._camera and verb.action:
            self._into.verbs.append((token.start, self._words_of(verb, token)))

    def _verb_at(self, index: int) -> ActionVerb | None:
        """The verb that stands at a token, given what stands before it."""
        words = self._ahead(index)
        verb = verb_of(words)
        noun = noun_of((words[0],))
        if self._last == "noun":
            if verb is None and noun is None:
                return unlisted(words[0]) or self._transitive(words)
            if verb is None:
                return None
            return verb if self._finite(verb, index) else None
        if verb is None:
            return unlisted(words[0]) if self._last == "aux" and noun is None else None
        over = self._relative and self._last == "verb" and verb.form is Inflection.THIRD
        if self._last in ("aux", "to") or over:
            self._relative = self._relative and not over
            return verb  # "a woman who smiles drinks"
        if self._last in ("verb", "prep") or preposition_of(words):
            return None
        return verb if self._leads(verb, index, noun) else None

    def _transitive(self, words: list[str]) -> ActionVerb | None:
        """A verb in no list, judged by what it is done to: "a man mends his net"."""
        word, determiners = words[0], noun_words(ENGLISH).determiners
        known = word.endswith("s") and not word.endswith(("ss", "'s")) and len(word) > 3
        if not known or len(words) < 2 or words[1] not in (*determiners, *_PARTICLES):
            return None
        return ActionVerb(verb_lemma(word), Inflection.THIRD, 1)

    def _ahead(self, index: int) -> list[str]:
        """The next words, up to those that say which way something goes."""
        words = [self._tokens[index].text]
        for token in self._tokens[index + 1 : index + 4]:
            if token.start in self._ways:
                break
            words.append(token.text)
        return words

    def _finite(self, verb: ActionVerb, index: int) -> bool:
        """Whether a verb after a noun that has ended is one, and no noun."""
        if verb.form in (Inflection.THIRD, Inflection.PARTICIPLE, Inflection.PAST):
            return not preposition_of([each.text for each in self._tokens[index : index + 4]])
        many = len(self._site) > 1 or any(each.plural or each.counted for each in self._site)
        before = noun_of((self._tokens[index - 1].text,)) if index else None
        many = many or self._several() or (before is not None and before.role is Role.PART)
        after_pronoun = index > 0 and self._tokens[index - 1].text in ("they", "who", "that", "to")
        return many or after_pronoun

    def _leads(self, verb: ActionVerb, index: int, noun: Noun | None) -> bool:
        """Whether a word at the start, after a comma or after "and" is a verb."""
        goes_on = is_nominal(self._tokens, index + verb.length)
        if self._last == "comma" and noun is not None and self._is_alone(index):
            return False
        if verb.form is Inflection.PARTICIPLE:
            return not goes_on or verb.length > 1
        if verb.form is Inflection.THIRD:
            alive = any(map(is_alive, self._doers or self.subject))
            if self._last == "and" and alive and not goes_on:
                return True
            if noun and (noun.role in (Role.SCENERY, Role.PLACE) or goes_on):
                return False
            return bool(self.subject) and bool(self._doers or self._last == "comma")
        if verb.form is Inflection.BASE:
            if self._last == "and":
                return bool(self._doers) and not (noun and noun.role in SEEN and not self._many())
            return self._last == "start" and not goes_on and noun is None
        return False

    def _is_alone(self, index: int) -> bool:
        """Whether nothing but an adverb stands between a word and the next comma."""
        rest = self._tokens[index + 1 : index + 3]
        adverbs = ("everywhere", "around", "again")
        after = next((each for each in rest if each.text not in adverbs), None)
        return after is None or not after.is_word

    def _many(self) -> bool:
        return any(each.plural or each.count > 1 for each in self.subject) or len(self.subject) > 1

    def _ends_noun(self, index: int, noun: Noun) -> bool:
        """Whether a noun is over because the token after it is a verb."""
        words = self._ahead(index)
        if words[0] in AUXILIARIES:
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
            if self._last == "prep" and self._several() and verb.action:
                return other is None or other.concept is None  # "the dogs in the park run"
            if is_alive(noun) and other and other.role is Role.SCENERY:
                return many and is_nominal(self._tokens, index + 1)  # "firefighters spray water"
            return many and (verb.action is not None or other is None)
        if verb.form is Inflection.PARTICIPLE:
            alive = noun.role is Role.THING and noun.concept is not None
            return alive or other is None or other.concept is None
        if verb.form is Inflection.THIRD and noun.role is Role.CAMERA:
            return True  # "the camera tracks"
        if verb.form is Inflection.THIRD:
            return self._third(index + verb.length, noun, other, many=many)
        return True

    def _several(self) -> bool:
        """Whether the subject is more than one, so that its verb has no -s."""
        return not self._doers and any(each.plural or gathering(each) for each in self.subject)

    def _third(self, after: int, noun: Noun, other: Noun | None, *, many: bool) -> bool:
        """Whether a word in -s after a noun is a verb: "a man waves", but "ocean waves"."""
        if other and other.role is Role.PART:  # "hands a book"
            given = self._tokens[after].text if after < len(self._tokens) else ""
            return given in noun_words(ENGLISH).determiners or given in (
                "out",
                "over",
                "him",
                "them",
            )
        if is_alive(noun) or _is_vehicle(noun):
            return not many or not is_nominal(self._tokens, after)
        if other and other.role in (Role.SCENERY, Role.PLACE):
            return False
        if other and noun.role in (Role.SCENERY, Role.PLACE, Role.FLUFF):
            lacking = self._pending is not None and self._pending.text == "without"
            return lacking and other.role is Role.FLUFF  # "without fear fights"
        return not many or not is_nominal(self._tokens, after)

    def _read_verb(self, verb: ActionVerb, token: Token) -> None:
        doers = self._doers_of(verb)
        if verb.lemma == "take" and verb.action is Action.FLY and any(map(is_person, doers)):
            verb = ActionVerb(verb.lemma, verb.form, verb.length)  # a hat
        self._pending = None
        tagged = self._framed and self._last == "comma" and verb.form is Inflection.PARTICIPLE
        self._camera = self._camera or (tagged and verb.lemma in _FOLLOW)
        first, self._last = self._last == "start", "verb"
        if verb.lemma in _FOLLOW and doers and all(each.followed for each in doers):
            self._doers = []  # the camera still follows "it"
            return
        if self._camera or (first and not doers and verb.lemma in _FOLLOW):
            self._following = self._following or verb.lemma in _FOLLOW
            self._doers = []
            return
        self._doers = doers
        if is_negated(self._text, token.start):
            return
        self._into.deeds.append(self._deed(verb, token))
        word = self._words_of(verb, token)
        if verb.stative:
            done = verb.lemma in verb_words(ENGLISH).done.words and any(map(is_alive, doers))
            if done and verb.form is not Inflection.PAST:
                self._into.verbs.append((token.start, word))
            return
        seen = [each for each in doers if each.role in SEEN]
        lifeless = bool(seen) and not any(map(is_alive, seen))
        if verb.form is Inflection.PAST and lifeless and verb.action and needs_life(verb.action):
            return  # "a cake decorated with strawberries"
        flows = verb.lemma in _FLOWING and any(map(is_alive, seen))
        if verb.action is None or flows:
            if seen or not doers:
                self._into.verbs.append((token.start, word))
        elif seen:
            self._act(seen, verb.action, token.start, word)
            if self._is_approximate(verb, word) and (
                verb.form is not Inflection.PAST or any(map(is_alive, seen))
            ):
                self._into.verbs.append((token.start, word))
        elif not doers:
            self._settle_orphan()
            self._orphan = (verb, token)
        elif verb.action in _VIOLENT and any(each.role is Role.PLACE for each in doers):
            known = [each for each in doers if each.concept is not None]
            if not [each for each in known if each.act(verb.action)]:
                self._into.verbs.append((token.start, word))

    def _deed(self, verb: ActionVerb, token: Token) -> Deed:
        word = self._words_of(verb, token)
        base = " ".join((verb.lemma, *word.split()[1:]))
        at = self._tokens.index(token)
        passive = at > 0 and self._tokens[at - 1].text == "being"  # "being poured"
        ongoing = verb.form is Inflection.PARTICIPLE
        past = verb.form is Inflection.PAST and not passive
        doers = tuple(self._doers)
        return Deed(word, base, token.start, doers, ongoing, past, verb.stative)

    def _act(self, doers: list[Mention], action: Action, position: int, word: str) -> None:
        done = False
        for mention in doers:
            done = mention.act(action) or done
            mention.verb = mention.verb or word
        if not done:
            self._into.verbs.append((position, word))

    def _read_shot(self, index: int) -> None:
        """Let a kind of shot do what follows it: in "drone shot following" nobody chases."""
        if self._tokens[index].text not in _SHOTS or self._last == "prep":
            return
        self._framed = True
        verb = verb_of(self._ahead(index + 1)) if index + 1 < len(self._tokens) else None
        if verb is not None and verb.form is Inflection.PARTICIPLE:
            self._camera, self._last, self._pending = True, "noun", None
            self._site, self._site_by = [], None

    def _is_adverb(self, index: int) -> bool:
        """Whether a word says how the verb after it is done: "the bottle slowly rotates"."""
        if self._last != "noun" or not self._tokens[index].text.endswith("ly"):
            return False
        if noun_of((self._tokens[index].text,)) is not None or index + 1 >= len(self._tokens):
            return False
        return self._verb_at(index + 1) is not None

    def _read_state(self, index: int) -> bool:
        """Read an adjective that only stands after its noun: "a cat asleep", "a house ablaze"."""
        token = self._tokens[index]
        action = _states().get(token.text)
        if action is None or self._last not in ("noun", "aux", "comma", "and"):
            return False
        doers = self._site if self._last == "noun" else self.subject
        seen = [each for each in doers if each.role in SEEN or each.concept] or self.subject
        if not seen:
            return False
        if not is_negated(self._text, token.start):
            self._act(seen, action, token.start, token.text)
        self._doers, self._last = seen, "verb"
        return True

    def _doers_of(self, verb: ActionVerb) -> list[Mention]:
        """Who or what does it."""
        if self._last == "noun":
            seen = [each for each in self._site if each.role in SEEN]
            leading = [each for each in self.subject if each.role in SEEN]
            free = self._site_by is None or not leading
            if seen and (verb.form is Inflection.PARTICIPLE or free):
                if self._is_doing(verb, leading) and not any(map(is_alive, seen)):
                    return leading  # sits on a rock brushing her hair
                worn = all(
                    each.role is not Role.THING or each.relation is Relation.WEARING
                    for each in seen
                )
                return leading if worn and leading else seen
            if leading and self._site and all(each.base in tables().parts for each in self._site):
                return leading  # its screen glows
            if not seen and (not leading or self._site_by is None):
                return self._site
        if self.subject:
            return self.subject
        return [] if self._last == "start" else self._known

    def _is_doing(self, verb: ActionVerb, leading: list[Mention]) -> bool:
        """Whether only someone alive does this, and leads the sentence."""
        alive = verb.action is not None and (needs_life(verb.action) or verb.lemma in _LABOUR)
        return alive and any(map(is_alive, leading))

    def _is_approximate(self, verb: ActionVerb, word: str) -> bool:
        """Whether the motion for a verb is not what the verb says."""
        phrase = " ".join((verb.lemma, *word.split()[1:]))
        return phrase in verb_words(ENGLISH).approximate.words

    def _words_of(self, verb: ActionVerb, token: Token) -> str:
        at = self._tokens.index(token)
        return " ".join(each.text for each in self._tokens[at : at + verb.length])


def is_served(concept_id: str) -> bool:
    """Whether art shows food or a drink, as a rule with what it is in."""
    return library().get(concept_id).kind is Kind.FOOD


def is_person(mention: Mention) -> bool:
    """Whether somebody is meant, and no animal or thing."""
    return mention.concept is not None and library().get(mention.concept).kind is Kind.PERSON


def _is_vehicle(noun: Noun) -> bool:
    return noun.concept is not None and library().get(noun.concept).kind is Kind.VEHICLE


def is_alive(noun: Noun | Mention) -> bool:
    """Whether a noun is a person or an animal."""
    if noun.concept is None:
        return False
    return library().get(noun.concept).kind in (Kind.PERSON, Kind.ANIMAL)


@cache
def _states() -> dict[str, Action]:
    """Adjectives for what someone or something does, and never before a noun."""
    return {word: action for action, words in verb_words(ENGLISH).states.items() for word in words}
