"""What a question asks for: phrases, words to leave out, and concepts that may be said in several
ways. The engines find by it, and ranking judges by it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from portal.core.audience import Gate
from portal.search.analysis import Word, composed, is_stop, sequence, spelled, surfaces
from portal.search.words import FAINT

MOST_CHARACTERS: Final = 400  # of a question; what comes after them is not looked for
MOST_CONCEPTS: Final = 12
FAINTLY: Final = 0.3

_QUOTED = re.compile(r'"([^"]*)"|“([^”]*)”|«([^»]*)»')
_LEFT_OUT = re.compile(r"(?:^|(?<=\s))-(\w[\w.]*)")


@dataclass(frozen=True, slots=True)
class Way:
    """One way to say something: all of these words."""

    stems: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Concept:
    """`written` is as it was asked, `factor` how much of the question it is, and `rarity` how much
    it tells, which is for who knows the documents. `parts`: the stems that it is the whole of."""

    written: str
    ways: tuple[Way, ...]
    factor: float = 1.0
    rarity: float = 1.0
    parts: tuple[str, ...] = ()

    @property
    def stem(self) -> str:
        return self.ways[0].stems[0]

    @property
    def mass(self) -> float:
        """How much of a question it is."""
        return self.factor * self.rarity


@dataclass(frozen=True, slots=True)
class Ask:
    """A question in the words of one language."""

    language: str
    concepts: tuple[Concept, ...]
    row: frozenset[str] = frozenset()  # all of its words
    must: frozenset[str] = frozenset()  # words of phrases
    must_not: frozenset[str] = frozenset()
    phrases: tuple[str, ...] = ()  # folded, words between single spaces

    @property
    def mass(self) -> float:
        return sum(concept.mass for concept in self.concepts)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Who looks, and what of it they want to see."""

    keys: frozenset[Gate]
    kinds: frozenset[str] = frozenset()
    module: str = ""
    category: str = ""

    def takes(self, kind: str, module: str, category: str) -> bool:
        return (
            (not self.kinds or kind in self.kinds)
            and (not self.module or module == self.module)
            and (not self.category or self._holds(category))
        )

    def _holds(self, category: str) -> bool:
        return category == self.category or category.startswith(f"{self.category}/")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A question taken apart, in no language yet."""

    text: str  # of the words that are neither left out nor in quotes
    phrases: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    is_open: bool = False  # the last word may not be whole

    @property
    def is_empty(self) -> bool:
        return not surfaces(" ".join((self.text, *self.phrases)))


def sentence(words: str, *, typing: bool) -> Sentence:
    words = composed(words)[:MOST_CHARACTERS]
    phrases = tuple(
        text for found in _QUOTED.findall(words) if surfaces(text := "".join(found).strip())
    )
    rest = _QUOTED.sub(" ", words)
    left_out = tuple(_LEFT_OUT.findall(rest))
    text = _LEFT_OUT.sub(" ", rest)
    if left_out and not phrases and not surfaces(text):
        text, left_out = rest, ()  # who looks for "-1" means it
    return Sentence(text, phrases, left_out, is_open=typing and text[-1:].isalnum())


def ask(asked: Sentence, language: str) -> Ask:
    words = spelled(asked.text, language)
    phrases = [spelled(phrase, language) for phrase in asked.phrases]
    everything = [*words, *(word for phrase in phrases for word in phrase)]
    concepts = [*_concepts(words, language), *_plain(everything[len(words) :], language)]
    if not concepts:  # stop words alone
        concepts = [Concept(word.written, (Way((word.stem,)),), FAINTLY) for word in everything]
    return Ask(
        language,
        tuple(_once(concepts)[:MOST_CONCEPTS]),
        row=frozenset(word.stem for word in everything),
        must=frozenset(
            word.stem for phrase in phrases for word in phrase if not is_stop(word.stem, language)
        ),
        must_not=frozenset(
            stem for text in asked.left_out for stem in sequence(text, language)[-1:]
        ),
        phrases=tuple(" ".join(surfaces(phrase)) for phrase in asked.phrases),
    )


def _concepts(words: Sequence[Word], language: str) -> list[Concept]:
    """What is written in parts is its whole, too."""
    concepts: list[Concept] = []
    parts: list[str] = []
    for word in words:
        if word.joins:
            concepts.append(
                Concept(word.written, (Way((word.stem,)),), parts=tuple(parts[-word.joins :]))
            )
        else:
            parts.append(word.stem)
            concepts += _plain([word], language)
    return concepts


def _plain(words: Iterable[Word], language: str) -> list[Concept]:
    faint = FAINT.get(language, frozenset())
    return [
        Concept(word.written, (Way((word.stem,)),), FAINTLY if word.written in faint else 1.0)
        for word in words
        if not is_stop(word.stem, language) and not word.joins
    ]


def _once(concepts: Iterable[Concept]) -> list[Concept]:
    seen: dict[str, Concept] = {}
    for concept in concepts:
        seen.setdefault(concept.stem, concept)
    return list(seen.values())
