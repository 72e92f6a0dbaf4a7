"""A document as rows of words, and how much each word says about it.

`Row.text` is what is kept: five sections (title, labels, headings, summary, body), one a line,
words between spaces, headings with bars between them. Ranking counts in it, and engines index
`weights`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from portal.search.analysis import sequence, telling

BAR: Final = "|"
TITLE, LABELS, HEADINGS, SUMMARY, BODY = range(5)
_WEIGHT: Final = (3.0, 2.8, 1.9, 1.5, 1.0)
_USUAL: Final = (5, 6, 40, 25, 450)  # words in a section of this kind
_LEVEL: Final = (0.4, 0.0, 0.5, 0.3, 0.6)  # how much a longer one counts less
_ENOUGH: Final = 1.3  # so much weight is half of what a word can say


@dataclass(frozen=True, slots=True)
class Row:
    text: str
    weights: Mapping[str, float]  # by word, from 0 to 1
    strong: frozenset[str]  # words of title, labels and headings


@dataclass(frozen=True, slots=True)
class Texts:
    """What of a document is words."""

    title: str
    labels: Sequence[str]
    headings: Sequence[str]
    summary: str
    body: str
    slug: str = ""


def row_of(texts: Texts, language: str) -> Row:
    sections = [
        sequence(texts.title, language),
        _joined([*texts.labels, texts.slug], language),
        _joined(texts.headings, language),
        sequence(texts.summary, language),
        sequence(texts.body, language),
    ]
    return Row(
        "\n".join(f" {' '.join(section)} " for section in sections),
        _weights(sections, language),
        frozenset(_strong(sections)),
    )


def row_kept(text: str, language: str) -> Row:
    """As `row_of`, from what was kept of it."""
    sections = [section.split() for section in text.split("\n")]
    return Row(text, _weights(sections, language), frozenset(_strong(sections)))


def worth_of(lengths: Sequence[float]) -> list[float]:
    """Of a word in each section, of so many words."""
    return [
        weight / max(1 - level + level * length / usual, 0.5)
        for weight, level, usual, length in zip(_WEIGHT, _LEVEL, _USUAL, lengths, strict=True)
    ]


def saying(worth: float) -> float:
    """What a word says whose places are worth so much, from 0 to 1."""
    return worth / (worth + _ENOUGH)


def _joined(texts: Iterable[str], language: str) -> list[str]:
    row: list[str] = []
    for text in texts:
        row += [*sequence(text, language), BAR]
    return row[:-1]


def _strong(sections: Sequence[Sequence[str]]) -> set[str]:
    return {word for section in sections[:SUMMARY] for word in section if word != BAR}


def _weights(sections: Sequence[Sequence[str]], language: str) -> dict[str, float]:
    """Stop words count where they are few: a page may be called "About"."""
    counts: dict[str, float] = {}
    for section, worth in zip(sections, worth_of([len(one) for one in sections]), strict=True):
        for word, count in Counter(section).items():
            counts[word] = counts.get(word, 0.0) + worth * count
    said = telling(counts, language) | _strong(sections)
    said.discard(BAR)
    return {word: saying(counts[word]) for word in said}
