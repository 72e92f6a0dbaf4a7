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


def surfaces(text: str) -> list[str]:
    """The words as they are written, folded; "sign-in" is "sign" and "in"."""
    return [part for run in _RUN.findall(unaccented(text)) for part in _split(run)]


def sequence(text: str, language: str) -> list[str]:
    """The row of words that `text` becomes."""
    row: list[str] = []
    for run in _RUN.findall(unaccented(text)):
        row += _stems(run, language)
    return _with_compounds(row, language)


def spelled(text: str, language: str) -> list[Word]:
    """The same row, with how each word was written."""
    row: list[Word] = []
    for run in _RUN.findall(unaccented(text)):
        row += _words(run, language)
    known = COMPOUNDS.get(language)
    if not known:
        return row
    result: list[Word] = []
    for word in row:
        result.append(word)
        if word.stem in PARTICLES and len(result) > 1:
            whole = _compound(result[-2].stem, word.stem, known)
            if whole:
                result.append(Word(whole, stem(language, whole), joins=2))
    return result


def vocabulary_of(text: str, language: str) -> dict[str, str]:
    """Each word of the row as it was written, and its stem."""
    runs = _RUN.findall(unaccented(text))
    found = {
        word.written: word.stem for run in dict.fromkeys(runs) for word in _words(run, language)
    }
    if COMPOUNDS.get(language) and not PARTICLES.isdisjoint(found):
        found |= {word.written: word.stem for word in spelled(text, language) if word.joins}
    return found


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


def _with_compounds(row: list[str], language: str) -> list[str]:
    known = COMPOUNDS.get(language)
    if not known or PARTICLES.isdisjoint(row):
        return row
    result: list[str] = []
    for word in row:
        result.append(word)
        if word in PARTICLES and len(result) > 1:
            whole = _compound(result[-2], word, known)
            if whole:
                result.append(stem(language, whole))
    return result


def _compound(first: str, second: str, known: Container[str]) -> str:
    """ "log" and "in" are "login"."""
    if second not in PARTICLES:
        return ""
    whole = first + second
    return whole if whole in known else ""


def is_stop(word: str, language: str) -> bool:
    return word in STOP.get(language, ())


def telling(row: Iterable[str], language: str) -> set[str]:
    """The words of a row without stop words."""
    return set(row).difference(STOP.get(language, ()))
