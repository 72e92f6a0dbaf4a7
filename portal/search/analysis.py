"""How texts and questions become words: the same for both, whichever engine finds them.

A text becomes a row of words: without accents, case and endings, stop words in their places. What
is written as one word or as several ("sign-in", "getStaticPaths", "log in") stands there as its
parts and as the whole.
"""

import codecs
import re
import unicodedata
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from portal.search.stemming import stem
from portal.search.words import COMPOUNDS, PARTICLES, STOP

VERSION: Final = 3
"""Rises with every change of what texts become, so that indexes are made anew."""
LONGEST: Final = 60  # characters of a word; what is longer is no word
RUNS_KEPT: Final = 60_000
TEXTS_KEPT: Final = 64

_RUN = re.compile(r"[^\W_]+(?:[-'’._][^\W_]+)*")
_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\d_A-Za-z]+")
_NUMBER = re.compile(r"v?(\d+(?:\.\d+)*)$", re.IGNORECASE)
_APOSTROPHES = re.compile("['’]")


def _plain(letter: str) -> str:
    """Without its accents: one letter for one, so that places in a text stay what they are."""
    plain = unicodedata.normalize("NFKD", letter)[0]
    return plain if plain.isalnum() or not letter.isalnum() else letter


class _Plain(dict[int, str]):
    def __missing__(self, code: int) -> str:
        self[code] = _plain(chr(code))
        return self[code]


_PLAIN = _Plain()
_WESTERN = bytes.maketrans(
    bytes(range(256)),
    b"".join(_plain(chr(code)).encode("latin-1", "replace") for code in range(256)),
)


def _western(error: UnicodeError) -> tuple[str | bytes, int]:
    """For what is beyond Western letters: typographic quotes are no loss, other letters are."""
    assert isinstance(error, UnicodeEncodeError)  # noqa: S101
    plain = "".join(_PLAIN[ord(letter)] for letter in error.object[error.start : error.end])
    if any(letter.isalnum() and ord(letter) > 255 for letter in plain):
        raise error
    return plain.encode("latin-1", "replace"), error.end


codecs.register_error("corbel-western", _western)


def composed(text: str) -> str:
    """Letters and their accents as one character each, and no character that a database refuses."""
    text = text.replace("\0", " ")
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())
    return text


def unaccented(text: str) -> str:
    """Western texts by a table of bytes: that takes a twentieth of the time."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1", "corbel-western").translate(_WESTERN).decode("latin-1")
    except UnicodeEncodeError:
        return text.translate(_PLAIN)


def folded(text: str) -> str:
    """As long as `text`, in which letters and accents are composed."""
    plain = unaccented(text)
    lower = plain.lower()
    return lower if len(lower) == len(plain) else "".join(letter.lower()[0] for letter in plain)


@dataclass(frozen=True, slots=True)
class Word:
    """`written` is folded, `stem` stands for it in the row; it is the whole of the `joins` words
    before it."""

    written: str
    stem: str
    joins: int = 0


@lru_cache(TEXTS_KEPT)
def _runs(text: str) -> list[str]:
    """Kept from a document's row to the vocabulary that it has."""
    return _RUN.findall(unaccented(text))


def surfaces(text: str) -> list[str]:
    """The words as they are written, folded; "sign-in" is "sign" and "in"."""
    return [part for run in _runs(text) for part in _split(run)]


def sequence(text: str, language: str) -> list[str]:
    """The row of words that `text` becomes."""
    row = _row(text, language)
    for at, whole in reversed(_compounds(row, language)):
        row.insert(at + 1, stem(language, whole))
    return row


def spelled(text: str, language: str) -> list[Word]:
    """The same row, with how each word was written."""
    row = [word for run in _runs(text) for word in _words(run, language)]
    for at, whole in reversed(_compounds([word.stem for word in row], language)):
        row.insert(at + 1, Word(whole, stem(language, whole), joins=2))
    return row


def vocabulary_of(text: str, language: str) -> dict[str, str]:
    """Each word of the row as it was written, and its stem."""
    found = {
        word.written: word.stem
        for run in dict.fromkeys(_runs(text))
        for word in _words(run, language)
    }
    if not PARTICLES.isdisjoint(found):
        for _at, whole in _compounds(_row(text, language), language):
            found[whole] = stem(language, whole)
    return found


def _row(text: str, language: str) -> list[str]:
    return [word for run in _runs(text) for word in _stems(run, language)]


@lru_cache(RUNS_KEPT)
def _stems(run: str, language: str) -> tuple[str, ...]:
    return tuple(word.stem for word in _words(run, language))


@lru_cache(RUNS_KEPT)
def _words(run: str, language: str) -> tuple[Word, ...]:
    parts = _split(run)
    row = [Word(part, one(part, language)) for part in parts]
    whole = "".join(parts)
    if len(parts) > 1 and len(whole) <= LONGEST and not _compound_of(parts, language):
        row.append(Word(whole, one(whole, language), joins=len(parts)))
    return tuple(row)


def _compound_of(parts: Sequence[str], language: str) -> bool:
    """Whether the row gets the whole anyway."""
    known = COMPOUNDS.get(language, frozenset())
    return len(parts) == 2 and bool(_compound(one(parts[0], language), parts[1], known))


def one(word: str, language: str) -> str:
    """A single folded word as it stands in the row. Stop words keep their endings."""
    return word if word in STOP.get(language, ()) else stem(language, word)


@lru_cache(RUNS_KEPT)
def _split(run: str) -> tuple[str, ...]:
    if run.isalpha() and (run.islower() or run.istitle() or run.isupper()):
        return (run.lower()[:LONGEST],)
    number = _NUMBER.match(run)
    if number:
        return (number[1][:LONGEST],)
    run = _APOSTROPHES.sub("", run.removesuffix("'s").removesuffix("’s"))
    return tuple(part.lower()[:LONGEST] for part in _PARTS.findall(run))


def _compounds(row: Sequence[str], language: str) -> list[tuple[int, str]]:
    """Two words that are also written as one, "log" and "in": where the second stands, and that."""
    known = COMPOUNDS.get(language)
    if not known:
        return []
    found: list[tuple[int, str]] = []
    for at in [n for n, word in enumerate(row) if word in PARTICLES]:
        whole = _compound(row[at - 1], row[at], known) if at else ""
        if whole and not (found and found[-1][0] == at - 1):
            found.append((at, whole))
    return found


def _compound(first: str, second: str, known: Container[str]) -> str:
    whole = first + second
    return whole if second in PARTICLES and whole in known else ""


def is_stop(word: str, language: str) -> bool:
    return word in STOP.get(language, ())


def telling(row: Iterable[str], language: str) -> set[str]:
    """The words of a row without stop words."""
    return set(row).difference(STOP.get(language, ()))
