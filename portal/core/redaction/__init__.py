"""What is private in a conversation, proposed for removal before others may read it.

Nothing is decided here: each thing that is found can be kept. Whatever is taken out leaves a
stand-in that is its own, so that it can be put back into a text that was edited meanwhile.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from portal.core.redaction.names import Known, named
from portal.core.redaction.shapes import shaped
from portal.core.redaction.spans import LETTER, Kind, Span

__all__ = ["Kind", "Known", "Private", "private_things", "with_stand_ins", "without_stand_ins"]


@dataclass(frozen=True, slots=True)
class Private:
    """One thing, wherever it stands. `key` is the same in every look at the same words."""

    kind: Kind
    text: str
    stand_in: str
    count: int

    @property
    def key(self) -> str:
        digest = hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()
        return f"{self.kind}-{digest[:16]}"


def private_things(
    texts: Sequence[str], known: Known, words: Mapping[Kind, str], edited: Sequence[str] = ()
) -> tuple[Private, ...]:
    """In the order in which they are met; `words` name each kind to readers. `edited` are the same
    texts as somebody has changed them: what is new there comes last, so that the others keep
    their stand-ins."""
    counts: dict[str, tuple[Kind, int]] = {}
    for found, kind in _found_in(texts, known):
        counts[found] = (kind, counts.get(found, (kind, 0))[1] + 1)
    for found, kind in _found_in(edited, known):
        counts.setdefault(found, (kind, 1))
    free = {kind: _numbered(word, "\n".join(texts)) for kind, word in words.items()}
    return tuple(
        Private(kind, found, next(free[kind]), count) for found, (kind, count) in counts.items()
    )


def with_stand_ins(text: str, things: Iterable[Private]) -> str:
    """The text without the things."""
    return _replaced(text, {thing.text: thing.stand_in for thing in things}, _bounded)


def without_stand_ins(text: str, things: Iterable[Private]) -> str:
    """The text with the things where their stand-ins are."""
    return _replaced(text, {thing.stand_in: thing.text for thing in things}, re.escape)


def _found_in(texts: Iterable[str], known: Known) -> Iterator[tuple[str, Kind]]:
    for text in texts:
        for start, end, kind in _without_overlaps(
            _whole(text, [*named(text, known), *shaped(text)])
        ):
            yield text[start:end], kind


def _whole(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """To the ends of the words that they begin or end in."""
    for start, end, kind in spans:
        while start > 0 and _within_word(text, start):
            start -= 1
        while end < len(text) and _within_word(text, end):
            end += 1
        yield Span(start, end, kind)


def _within_word(text: str, at: int) -> bool:
    return text[at - 1].isalnum() and text[at].isalnum()


def _without_overlaps(spans: Iterable[Span]) -> Iterator[Span]:
    """In order; of those that overlap the one that begins first, the longest of these."""
    end = 0
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if span.start >= end and span.end > span.start:
            yield span
            end = span.end


def _numbered(word: str, text: str) -> Iterator[str]:
    """[name], [name 2], …: what does not stand in the text already."""
    number = 0
    while True:
        number += 1
        stand_in = f"[{word}]" if number == 1 else f"[{word} {number}]"
        if stand_in not in text:
            yield stand_in


def _bounded(found: str) -> str:
    """Not within a longer word."""
    before = rf"(?<!{LETTER})" if found[0].isalnum() else ""
    after = rf"(?!{LETTER})" if found[-1].isalnum() else ""
    return f"{before}{re.escape(found)}{after}"


def _replaced(text: str, by: Mapping[str, str], pattern_of: Callable[[str], str]) -> str:
    if not by:
        return text
    longest_first = sorted(by, key=len, reverse=True)
    pattern = "|".join(map(pattern_of, longest_first))
    return re.sub(pattern, lambda match: by[match[0]], text)
