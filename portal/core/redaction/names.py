"""Names of people and companies: those that take part, and those that are greeted or sign."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from portal.core.redaction.spans import LETTER, Kind, Span

_LEGAL = (
    r"(?:Inc|LLC|L\.L\.C|Ltd|Limited|GmbH|AG|PLC|plc|Corp|Corporation|Co|LLP|BV|B\.V|SARL|SAS|SpA"
    r"|S\.?L\.?U?|S\.?A\.?U?|S\.? ?de ?R\.?L\.?|S\.?A\.? de C\.?V|S\.?Coop)"
)
_WORD = r"[A-ZÁÉÍÓÚÜÑÇ][\w’'&-]{1,30}"
_PERSON = rf"{_WORD}(?: (?:(?:de|del|la|las|van|von|da|dos) ){{0,2}}{_WORD}){{0,3}}"
_QUOTED = r"(?m)^[ \t>—–-]{0,8}"
_NAMED_COMPANY = re.compile(
    rf"(?<!{LETTER})(?P<private>{_WORD}(?: (?:&|and|y|e|de|del|of) {_WORD}| {_WORD}){{0,4}}"
    rf",? {_LEGAL}\b\.?)"
)
_FORM = re.compile(rf",? {_LEGAL}\.?$")
_GREETED = re.compile(
    rf"{_QUOTED}(?i:hi|hello|hey|dear|hola|buenas|buenos días|buenas tardes|estimad[oa]s?"
    r"|querid[oa]s?|thanks|thank you|gracias)[ ,]{1,3}"
    rf"(?P<private>{_PERSON})(?=[ \t]{{0,3}}(?:[,.:;!—–-]|$))"
)
_TITLED = re.compile(
    rf"(?<!{LETTER})(?:Mr|Mrs|Ms|Mx|Dr|Sr|Sra|Srta|D|Dña|Don|Doña)\.? (?P<private>{_PERSON})"
)
_SIGNED = re.compile(
    rf"{_QUOTED}(?i:(?:kind |best |warm |many )?(?:regards|wishes|thanks)|cheers|sincerely|yours"
    r"|saludos(?: cordiales)?|un saludo|atentamente|gracias|thank you)"
    r"[ \t]{0,3}[,.!]?[ \t]{0,3}\r?\n{1,3}"
    rf"[ \t>—–-]{{0,8}}(?P<private>{_PERSON})[ \t]{{0,3}}$"
)
_ADDRESSED = re.compile(r"(?<![\w@])@(?P<private>[a-z][\w.-]{1,40}\w)")
_NOBODY = frozenset(
    {"all", "everybody", "everyone", "there", "team", "support", "both", "again", "you", "so"}
    | {"much", "a", "todos", "todas", "equipo", "soporte", "por", "para", "the", "for"}
)
_USUAL = frozenset(
    {"the", "first", "new", "north", "south", "east", "west", "general", "national", "american"}
    | {"construction", "constructions", "building", "builders", "construcciones", "spanish"}
    | {"constructora", "grupo", "group"}
)


@dataclass(frozen=True, slots=True)
class Known:
    """Who takes part in the ticket, and for which companies."""

    people: Collection[str] = ()
    companies: Collection[str] = ()


def named(text: str, known: Known) -> Iterator[Span]:
    for person in known.people:
        for way in _ways_of_person(person):
            yield from _spans(way, text, Kind.PERSON)
    for company in known.companies:
        for way in _ways_of_company(company):
            yield from _spans(way, text, Kind.COMPANY)
    yield from _spans(_NAMED_COMPANY, text, Kind.COMPANY)
    for pattern in (_GREETED, _TITLED, _SIGNED, _ADDRESSED):
        for span in _spans(pattern, text, Kind.PERSON):
            if text[span.start : span.end].split()[0].casefold() not in _NOBODY:
                yield span


def _spans(pattern: re.Pattern[str], text: str, kind: Kind) -> Iterator[Span]:
    group = "private" if "private" in pattern.groupindex else 0
    for match in pattern.finditer(text):
        yield Span(*match.span(group), kind)


def _ways_of_person(name: str) -> Iterator[re.Pattern[str]]:
    """The whole name however it is written; each part of it as a name is: "will" is a word."""
    words = name.split()
    if len(words) > 1:
        yield _whole(r"\s{1,3}".join(map(re.escape, words)), re.IGNORECASE)
    for word in words:
        if len(word) > 2 and word[0].isupper():
            yield _whole(f"(?:{re.escape(word)}|{re.escape(word.upper())})")


def _ways_of_company(name: str) -> Iterator[re.Pattern[str]]:
    """With and without its legal form; and the first word alone, if it is not a usual one."""
    short = _FORM.sub("", name.strip())
    for way in {name.strip(), short}:
        if len(way) > 2:
            yield _whole(r"\s{1,3}".join(map(re.escape, way.split())), re.IGNORECASE)
    first = short.split()[0] if short.split() else ""
    if len(first) > 3 and first[0].isupper() and first.casefold() not in _USUAL:
        yield _whole(f"(?:{re.escape(first)}|{re.escape(first.upper())})")


def _whole(pattern: str, flags: int = 0) -> re.Pattern[str]:
    return re.compile(rf"(?<!{LETTER}){pattern}(?!{LETTER})", flags)
