"""From a question to what was found."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import ceil
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts.service import LOCALES
from portal.core.audience import Reader
from portal.search import queries
from portal.search.analysis import folded, sequence
from portal.search.asking import Ask, Narrowed, Sentence, sentence
from portal.search.documents import Found, Hit, Question
from portal.search.engines import Candidates, Engine, engine_of
from portal.search.engines.base import Place
from portal.search.meaning import Knowing, has_written, meant, with_words
from portal.search.ranking import Candidate, Favoured, Judge
from portal.search.snippets import Passages
from portal.search.standing import Standing, standing

DEPTH: Final = 16  # of the likeliest, and then of the next, that are compared with each other
DEEPEST: Final = 200
POOR: Final = 0.5  # share of a question; with less, another language may know better


def find(session: Session, question: Question, reader: Reader) -> Found:
    """What the reader may read, best first; nothing for a question without a word."""
    asked = sentence(question.words, typing=question.typing)
    if asked.is_empty:
        return Found(())
    now = standing(session)
    key = replace(question, kinds=tuple(question.kinds)), reader.keys
    known: Found | None = now.page(key)
    if known is not None:
        return known
    engine = engine_of(session, now)
    found = _found(session, asked, _Asking(question, reader, now, engine))
    if engine.is_sure:
        now.keep_page(key, found)
    return found


@dataclass(frozen=True, slots=True)
class _Asking:
    """Who asks what, and whom."""

    question: Question
    reader: Reader
    now: Standing
    engine: Engine

    @property
    def narrowed(self) -> Narrowed:
        question = self.question
        kinds = frozenset(question.kinds)
        return Narrowed(self.reader.keys, kinds, question.only_module, question.category)

    def knowing(self, session: Session, language: str) -> Knowing:
        return Knowing(session, self.engine, language, self.reader.keys, self.now)


def _found(session: Session, asked: Sentence, asking: _Asking) -> Found:
    question, narrowed = asking.question, asking.narrowed
    shown = question.offset + question.limit
    found = _in(session, asked, asking, question.language)
    if len(found.ranked) < shown or found.share < POOR or found.is_guessed:
        found = _filled_up(session, asked, asking, found)
    ranked = found.ranked[question.offset : shown]
    return Found(
        hits=_hits(session, ranked),
        total=sum(n for place, n in found.counts.items() if narrowed.takes(*place)),
        corrected=with_words(question.words, found.instead) if found.instead and ranked else "",
        facets=_facets(found.counts, narrowed),
    )


@dataclass(frozen=True, slots=True)
class _Ranked:
    score: float
    candidate: Candidate
    ask: Ask


@dataclass(frozen=True, slots=True)
class _InLanguage:
    """`is_guessed` where no word was found as it was asked, but others for each of them."""

    ranked: Sequence[_Ranked]
    counts: Counter[Place]
    share: float
    instead: Mapping[str, str]
    is_guessed: bool


def _in(session: Session, asked: Sentence, asking: _Asking, language: str) -> _InLanguage:
    question, reader, engine = asking.question, asking.reader, asking.engine
    said = meant(asking.knowing(session, language), asked, as_written=question.as_written)
    depth = DEEPEST if asked.phrases else _depth(question)
    likely = engine.candidates(session, said.ask, asking.narrowed, depth)
    candidates = queries.candidates(session, likely.ids, reader.keys)
    if asked.phrases:
        candidates, likely = _with_phrases(session, candidates, asked, likely)
    judge = Judge(said.ask, Favoured(question.module, question.role, question.version))
    ranked = [_Ranked(judge.score(one), one, said.ask) for one in candidates]
    together = DEEPEST if asked.phrases else DEPTH
    asked_for = {concept.written for concept in said.ask.concepts}
    return _InLanguage(
        _in_order(ranked, likely.ids, together),
        likely.counts,
        likely.share,
        said.instead,
        is_guessed=bool(said.instead) and said.instead.keys() == asked_for,
    )


def _depth(question: Question) -> int:
    return min(DEPTH * ceil((question.offset + question.limit) / DEPTH), DEEPEST)


def _in_order(ranked: Iterable[_Ranked], likely: Sequence[UUID], together: int) -> list[_Ranked]:
    """So many of the likeliest, then of the next: the order is the same however far one looks, and
    none has a score above that of one before it."""
    group = {key: number // together for number, key in enumerate(likely)}
    ordered = sorted(
        ranked,
        key=lambda one: (
            group[one.candidate.key],
            -one.score,
            one.candidate.title,
            one.candidate.key,
        ),
    )
    lowest = accumulate((one.score for one in ordered), min)
    return [replace(one, score=score) for one, score in zip(ordered, lowest, strict=True)]


def _with_phrases(
    session: Session, candidates: Iterable[Candidate], asked: Sentence, likely: Candidates
) -> tuple[list[Candidate], Candidates]:
    """Those that have the very words in quotes, letter by letter but for accents and case."""
    near = [one for one in candidates if _has_rows(one, asked.phrases)]
    texts = queries.shown(session, [one.key for one in near])
    patterns = [_exactly(phrase) for phrase in asked.phrases]
    having = [
        one for one in near if all(pattern.search(_whole(texts[one.key])) for pattern in patterns)
    ]
    counts = Counter(
        (texts[one.key].kind, texts[one.key].module, texts[one.key].category) for one in having
    )
    return having, Candidates([one.key for one in having], counts, likely.share)


def _has_rows(candidate: Candidate, phrases: Iterable[str]) -> bool:
    return all(
        f" {' '.join(sequence(phrase, candidate.language))} " in candidate.words
        for phrase in phrases
    )


def _exactly(phrase: str) -> re.Pattern[str]:
    words = re.findall(r"[^\W_]+", folded(phrase))
    return re.compile(r"(?<![^\W_])" + r"[\W_]+".join(words) + r"(?![^\W_])")


def _whole(shown: queries.Shown) -> str:
    return folded("\n".join((shown.title, *shown.headings, shown.summary, shown.body)))


def _filled_up(session: Session, asked: Sentence, asking: _Asking, own: _InLanguage) -> _InLanguage:
    """What only other languages have comes behind, unless they alone understand the question."""
    found = own
    for language in LOCALES:
        if language == asking.question.language:
            continue
        other = _in(session, asked, asking, language)
        if other.instead and found.ranked:
            continue
        if _understands(asking.knowing(session, language), other, own):
            found = _behind(other, found)
        else:
            found = _behind(found, other)
    return found


def _understands(knowing: Knowing, other: _InLanguage, own: _InLanguage) -> bool:
    """Whether it has far more of the question, or the very words where one's own only has others
    like them."""
    if own.is_guessed and other.ranked and not other.instead and has_written(knowing, own.instead):
        return True
    return own.share < POOR and other.share > own.share + 0.25


def _behind(first: _InLanguage, then: _InLanguage) -> _InLanguage:
    """Without what the first has in its own language. What was meant is the first's to say, if it
    found anything."""
    seen = {one.candidate.group_id for one in first.ranked if one.candidate.group_id}
    more = [one for one in then.ranked if one.candidate.group_id not in seen]
    return replace(
        first,
        ranked=[*first.ranked, *more],
        counts=first.counts + then.counts,
        share=max(first.share, then.share),
        instead=first.instead if first.ranked else then.instead,
    )


def _hits(session: Session, ranked: Sequence[_Ranked]) -> list[Hit]:
    texts = queries.shown(session, [one.candidate.key for one in ranked])
    passages: dict[str, Passages] = {}  # by language
    for one in ranked:
        if one.ask.language not in passages:
            passages[one.ask.language] = Passages(one.ask)
    return [_hit(texts[one.candidate.key], one.score, passages[one.ask.language]) for one in ranked]


def _hit(shown: queries.Shown, score: float, passages: Passages) -> Hit:
    return Hit(
        kind=shown.kind,
        id=shown.object_id,
        language=shown.language,
        slug=shown.slug,
        title=shown.title,
        path=shown.path,
        snippet=passages.best(shown.summary, shown.body),
        score=round(score, 4),
        module=shown.module,
        category=shown.category,
    )


def _facets(counts: Counter[Place], narrowed: Narrowed) -> dict[str, dict[str, int]]:
    """Each as it would be without its own narrowing."""
    facets: dict[str, dict[str, int]] = {"kind": {}, "module": {}, "category": {}}
    for place, number in counts.items():
        kind, module, category = place
        for name, value, rest in (
            (
                "kind",
                kind,
                Narrowed(narrowed.keys, frozenset(), narrowed.module, narrowed.category),
            ),
            ("module", module, Narrowed(narrowed.keys, narrowed.kinds, "", narrowed.category)),
            ("category", category, Narrowed(narrowed.keys, narrowed.kinds, narrowed.module)),
        ):
            if value and rest.takes(*place):
                facets[name][value] = facets[name].get(value, 0) + number
    return facets
