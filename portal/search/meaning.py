"""What a question means to who knows the documents: how much each word tells, what else it may be
said with, and what was meant where a word is found nowhere."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from math import log1p
from typing import Final

from sqlalchemy.orm import Session

from portal.core.audience import Gate
from portal.search import edits, synonyms, vocabulary
from portal.search.analysis import composed, folded
from portal.search.asking import (
    FAINTLY,
    Ask,
    Concept,
    Narrowed,
    Sentence,
    Way,
    ask,
)
from portal.search.engines import Engine
from portal.search.standing import Standing

UNKNOWN: Final = 5.0  # how much a word tells that no document has
COMPLETIONS: Final = 8
TRIED: Final = 4  # likely corrections of a word that are tried together with the others
_COMPLETED: Final = 0.85
_JOINED: Final = 0.9


@dataclass(frozen=True, slots=True)
class Meant:
    """`instead` maps words as they were asked to what was looked for."""

    ask: Ask
    instead: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Knowing:
    """Who asks, and what is known of the documents."""

    session: Session
    engine: Engine
    language: str
    keys: frozenset[Gate]
    standing: Standing

    def known(self, stems: Collection[str]) -> set[str]:
        return self.engine.known(self.session, self.language, stems, self.keys)

    def rarities(self, stems: Collection[str]) -> dict[str, float]:
        def ask(unknown: list[str]) -> dict[str, float]:
            return vocabulary.rarities(self.session, self.language, unknown)

        return self.standing.kept_each(("rarity", self.language), stems, ask)

    def share(self, asked: Ask) -> float:
        narrowed = Narrowed(self.keys)
        return self.engine.candidates(self.session, asked, narrowed, 1).share


def meant(knowing: Knowing, asked: Sentence, *, as_written: bool) -> Meant:
    plain = ask(asked, knowing.language)
    more = synonyms.of(knowing.session, knowing.language, knowing.standing)
    widened = [*plain.concepts]
    if asked.is_open and widened:
        widened[-1] = _completed(knowing, asked, widened[-1])
    widened = [_said_otherwise(concept, more) for concept in widened]
    widened = _written_together(widened)
    known = knowing.known(_stems(widened))
    kept = _known_wholes(widened, known)
    instead: dict[str, str] = {}
    if not as_written:
        kept, instead = _corrected(knowing, replace(plain, concepts=tuple(kept)), known)
    rarity = knowing.rarities(_stems(kept))
    concepts = tuple(_weighed(concept, rarity) for concept in kept)
    return Meant(replace(plain, concepts=concepts), instead)


def has_written(knowing: Knowing, written: Collection[str]) -> bool:
    """Whether each of these words stands, just so, in what may be read."""
    found = vocabulary.entries(knowing.session, knowing.language, written)
    stems = {entry.stem for entry in found}
    return {entry.word for entry in found} >= {*written} and knowing.known(stems) >= stems


def with_words(text: str, instead: Mapping[str, str]) -> str:
    """A question with its words replaced."""
    text = composed(text)
    for word, better in instead.items():
        found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", folded(text))
        if found:
            text = text[: found.start()] + better + text[found.end() :]
    return text


def _stems(concepts: Iterable[Concept]) -> set[str]:
    return {stem for concept in concepts for way in concept.ways for stem in way.stems}


def _completed(knowing: Knowing, asked: Sentence, last: Concept) -> Concept:
    """The last word may go on."""
    if not folded(asked.text).endswith(last.written) or len(last.written) < 2:
        return last
    found = vocabulary.beginning(knowing.session, knowing.language, last.written, COMPLETIONS)
    ways = [Way((stem,), _COMPLETED) for stem in found if stem != last.stem]
    return replace(last, ways=(*last.ways, *ways))


def _said_otherwise(concept: Concept, more: synonyms.Synonyms) -> Concept:
    ways = {way.stems: way for way in concept.ways}
    for way in concept.ways[:1]:
        for other in more.get(way.stems[0], ()):
            ways.setdefault(other.stems, other)
    return replace(concept, ways=tuple(ways.values()))


def _written_together(concepts: list[Concept]) -> list[Concept]:
    """ "data base" may stand there as "database"."""
    result = list(concepts)
    for number, (first, second) in enumerate(pairwise(concepts)):
        if first.parts or second.parts:
            continue
        whole = Way((first.written + second.stem,), _JOINED)
        for at in (number, number + 1):
            result[at] = replace(result[at], ways=(*result[at].ways, whole))
    return result


def _known_wholes(concepts: Iterable[Concept], known: Collection[str]) -> list[Concept]:
    """A whole that no document has is none; where it is known, its parts tell less. Ways that lead
    nowhere are left out."""
    concepts = [
        replace(concept, ways=_leading(concept, known))
        for concept in concepts
        if not concept.parts or concept.stem in known
    ]
    parts = {stem for concept in concepts for stem in concept.parts}
    return [
        replace(concept, factor=FAINTLY) if concept.stem in parts else concept
        for concept in concepts
    ]


def _leading(concept: Concept, known: Collection[str]) -> tuple[Way, ...]:
    return tuple(
        way
        for number, way in enumerate(concept.ways)
        if number == 0 or all(stem in known for stem in way.stems)
    )


def _corrected(
    knowing: Knowing, asked: Ask, known: Collection[str]
) -> tuple[list[Concept], dict[str, str]]:
    concepts, instead = list(asked.concepts), {}
    for number, concept in enumerate(concepts):
        if any(all(stem in known for stem in way.stems) for way in concept.ways):
            continue
        others = [c for c in concepts if c is not concept]
        better = _better(knowing, concept, replace(asked, concepts=tuple(others)))
        if better:
            concepts[number] = replace(concept, ways=(Way(better.stems),))
            instead[concept.written] = better.shown
    return concepts, instead


@dataclass(frozen=True, slots=True)
class _Better:
    stems: tuple[str, ...]
    shown: str
    merit: float


def _better(knowing: Knowing, concept: Concept, others: Ask) -> _Better | None:
    likely = _near(knowing, concept.written) or _split(knowing, concept.written)
    if not likely:
        return None
    readable = knowing.known({stem for one in likely for stem in one.stems})
    likely = [one for one in likely if all(stem in readable for stem in one.stems)]
    likely = sorted(likely, key=lambda one: -one.merit)[:TRIED]
    if len(likely) > 1 and others.concepts:
        likely.sort(key=lambda one: -(one.merit + 2 * _beside(knowing, one, others)))
    return likely[0] if likely else None


def _beside(knowing: Knowing, better: _Better, others: Ask) -> float:
    concept = Concept(better.shown, (Way(better.stems),))
    return knowing.share(replace(others, concepts=(*others.concepts, concept)))


def _near(knowing: Knowing, word: str) -> list[_Better]:
    if not edits.allowed(word):
        return []
    words = vocabulary.near(knowing.session, knowing.language)
    near = {other: far for far, other in words.to(word)}
    found = vocabulary.entries(knowing.session, knowing.language, near)
    return [
        _Better((entry.stem,), entry.shown, _merit(word, entry.word, near[entry.word], entry.count))
        for entry in found
    ]


def _merit(word: str, other: str, far: int, documents: int) -> float:
    """Nearer is likelier, and so is what is written often; the first letter is seldom wrong."""
    return 0.4 * log1p(documents) - 2.0 * far + (0.5 if word[0] == other[0] else 0.0)


def _split(knowing: Knowing, word: str) -> list[_Better]:
    halves = edits.splits(word)
    found = {
        entry.word: entry
        for entry in vocabulary.entries(
            knowing.session, knowing.language, {half for pair in halves for half in pair}
        )
    }
    return [
        _Better(
            (found[first].stem, found[second].stem),
            f"{found[first].shown} {found[second].shown}",
            log1p(min(found[first].count, found[second].count)),
        )
        for first, second in halves
        if first in found and second in found
    ]


def _weighed(concept: Concept, rarity: Mapping[str, float]) -> Concept:
    own = rarity.get(concept.stem)
    if own is None:
        others = [min(rarity.get(stem, UNKNOWN) for stem in way.stems) for way in concept.ways]
        own = min(others, default=UNKNOWN)
    return replace(concept, rarity=own)
