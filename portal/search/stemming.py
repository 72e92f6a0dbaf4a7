"""A word without its endings, in the languages that we know; others stay as they are.

Words come folded, so that who leaves accents out finds the same. Spanish rules need some of the
accents, and those that never vary are given back first.
"""

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Final

KEPT = 100_000  # words; more than a help centre has

Stem = Callable[[str], str]


def stem(language: str, word: str) -> str:
    return _stemmer(language)(word)


@cache
def _stemmer(language: str) -> Stem:
    make = _MAKERS.get(language)
    return lru_cache(KEPT)(make()) if make is not None else str


def _english() -> Stem:
    from whoosh.lang.snowball.english import EnglishStemmer  # few processes ask for it

    snowball: Stem = EnglishStemmer().stem

    def stemmed(word: str) -> str:
        return snowball(word) if len(word) > 2 and word.isascii() else word

    return stemmed


def _spanish() -> Stem:
    from whoosh.lang.snowball.spanish import SpanishStemmer

    snowball: Stem = SpanishStemmer().stem

    def stemmed(word: str) -> str:
        if len(word) < 4 or not word.isascii():
            return word
        stem = _without_action(snowball(_accented(_singular(word))).translate(_PLAIN))
        return _VERBS.get(stem, stem)

    return stemmed


_PLAIN: Final = str.maketrans("áéíóúüñ", "aeiouun")


_VERBS: Final = {
    "cierr": "cerr",
    "comienz": "comenz",
    "comprueb": "comprob",
    "consig": "consegu",
    "consigu": "consegu",
    "corrig": "correg",
    "corrij": "correg",
    "cuelg": "colg",
    "devuelv": "devolv",
    "elig": "eleg",
    "elij": "eleg",
    "empiec": "empez",
    "empiez": "empez",
    "encuentr": "encontr",
    "entiend": "entend",
    "mid": "med",
    "muestr": "mostr",
    "muev": "mov",
    "pid": "ped",
    "pierd": "perd",
    "prueb": "prob",
    "repit": "repet",
    "requier": "requer",
    "resuelv": "resolv",
    "sirv": "serv",
    "sugier": "suger",
    "vuelv": "volv",
}
"""Verbs of instructions whose vowel changes: "comprueba" is "comprobar"."""


def _singular(word: str) -> str:
    """ "imagenes" is "imagen", "errores" is "error"; the rest is the rules' own work."""
    if len(word) > 5 and word.endswith("es") and word[-3] in "dlnrz":
        return word[:-2]
    return word


def _accented(word: str) -> str:
    if word.endswith(("cion", "sion")):
        return word[:-2] + "ón"
    return word


def _without_action(word: str) -> str:
    """ "creacion" is what "crear" names, "traduccion" what "traducir" does."""
    if word.endswith("acion") and len(word) > 7:
        return word[:-5]
    if word.endswith("ccion") and len(word) > 8:
        return word[:-4]
    return word


_MAKERS: Final[Mapping[str, Callable[[], Stem]]] = {"en": _english, "es": _spanish}
