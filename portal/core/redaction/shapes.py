"""What is private by its own shape: addresses, numbers, amounts. Every pattern is bounded."""

import re
from collections.abc import Callable, Iterator

from portal.core.redaction.spans import Kind, Span
from portal.core.secrets import MARKER

Shape = tuple[Kind, re.Pattern[str], Callable[[str], bool]]


def shaped(text: str) -> Iterator[Span]:
    for kind, pattern, plausible in _SHAPES:
        for match in pattern.finditer(text):
            if plausible(match["private"]):
                yield Span(*match.span("private"), kind)


def _any(found: str) -> bool:
    return True


def _leads_to_somebody(url: str) -> bool:
    """By a query, a fragment, a name before the host, or a part that is a key of something."""
    host, _slash, path = url.partition("://")[2].partition("/")
    parts = re.split(r"[/?#&=]", path)
    return any(sign in url for sign in "?#@") or ":" in host or any(map(_is_key, parts))


def _is_key(part: str) -> bool:
    return bool(re.fullmatch(r"\d+|(?=.*\d)[0-9a-fA-F-]{6,}|(?=.*\d)(?=.*[A-Za-z])\w{12,}", part))


def _is_phone(found: str) -> bool:
    """Enough digits, and neither a date nor an address of a machine nor one long number."""
    digits = sum(sign.isdigit() for sign in found)
    if not 7 <= digits <= 15 or _DATE.search(found) or _MACHINE.fullmatch(found):
        return False
    return found.startswith(("+", "00")) or digits >= 9 or bool(re.search(r"\d[ .-]\d", found))


def _is_number_of_something(found: str) -> bool:
    return found.split("-")[0].rstrip("0123456789").upper() not in _STANDARDS


_DATE = re.compile(
    r"\b(?:19|20)\d\d[-./ ]\d{1,2}[-./ ]\d{1,2}\b|\b\d{1,2}[-./]\d{1,2}[-./]\d{2,4}\b"
)
_MACHINE = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_STANDARDS = frozenset(
    {"AES", "CVE", "DIN", "EN", "ES", "HTTP", "IEC", "ISO", "RFC", "SHA", "TLS", "UNE", "UTF"}
)

_NUMBER = r"\d{1,3}(?:[.,'\u00a0\u202f ]\d{3}){0,5}(?:[.,]\d{1,2})?|\d{1,12}(?:[.,]\d{1,2})?"
_SIGN = r"(?:US|CA|AU|MX)?\$|€|£|¥|CHF|USD|EUR|GBP|MXN|COP|CLP|ARS|PEN|CAD|AUD"
_UNIT = (
    r"€|£|\$|(?:US|CA|AU|MX)\$|(?:USD|EUR|GBP|MXN|COP|CLP|ARS|PEN|CAD|AUD|CHF)\b"
    r"|(?i:euros?|dollars?|pounds?|pesos?|dólares|libras)\b"
)
_MORE = r"(?:[ \u00a0]?(?i:k|m|thousand|million|mil|millones))?(?![\w])"
_CAPITAL = r"[A-ZÁÉÍÓÚÜÑÇ0-9][\w’'-]{0,30}"
_NAME = r"[A-ZÁÉÍÓÚÜÑÇ][\w’'-]{0,30}"
_SMALL = r"(?:de|del|la|las|los|el|y|of|the)"
_ROAD = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Way|Court|Ct|Place|Pl"
    r"|Square|Sq|Highway|Hwy|Parkway|Pkwy|Terrace|Ter|Circle|Cir)"
)
_VIA = (
    r"(?:Calle|C/|Avda\.?|Avenida|Av\.|Paseo|Pº|P\.º|Plaza|Pza\.?|Carretera|Ctra\.?|Camino|Ronda"
    r"|Travesía|Vía|Callejón|Calzada|Bulevar|Boulevard)"
)
_HEX = r"[0-9a-fA-F]"


def _shape(kind: Kind, pattern: str, plausible: Callable[[str], bool] = _any) -> Shape:
    return kind, re.compile(f"(?P<private>{pattern})"), plausible


_SHAPES: tuple[Shape, ...] = (
    _shape(Kind.SECRET, MARKER.pattern.replace("(", "(?:", 1)),
    _shape(Kind.PICTURE, r"!\[[^\[\]\n]{0,300}\]\([^()\s]{1,2000}(?: \"[^\"\n]{0,300}\")?\)"),
    _shape(
        Kind.LINK,
        r"\bhttps?://[^\s<>()\[\]\"'`]{1,2000}[^\s<>()\[\]\"'`.,;:!?*_]",
        _leads_to_somebody,
    ),
    _shape(Kind.EMAIL, r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"),
    _shape(
        Kind.PHONE,
        r"(?<![\w.,/#€$£-])(?:\+|00)?(?:\(\d{1,4}\)|\d{1,4})"
        r"(?:[ \u00a0.-]?(?:\(\d{2,4}\)|\d{2,4})){2,6}(?![\w€$£%]|[.,-]\d)",
        _is_phone,
    ),
    _shape(
        Kind.ADDRESS,
        rf"\b\d{{1,5}}[A-Za-z]?,? (?:{_CAPITAL} ){{1,4}}{_ROAD}\b\.?"
        rf"(?:,? (?:Apt|Unit|Suite|Ste|Floor|#)\.? ?\w{{1,6}})?"
        rf"(?:,? (?:{_CAPITAL},? ){{0,3}}(?:[A-Z]{{2}} )?\d{{5}}(?:-\d{{4}})?)?",
    ),
    _shape(
        Kind.ADDRESS,
        rf"(?<!\w){_VIA} ?(?:{_SMALL} ){{0,3}}{_NAME}(?: (?:{_SMALL} ){{0,3}}{_NAME}){{0,4}}"
        r",? ?(?:n\.?º|núm\.?|número|#)? ?\d{1,5}(?:[ -]?[A-Z]\b)?"
        r"(?:, ?\d{1,2}[.ºª]{1,2}(?: ?(?:[A-Z]\b|izda\b\.?|dcha\b\.?))?)?"
        rf"(?:,? ?\d{{5}}(?: {_NAME}){{0,3}})?",
    ),
    _shape(
        Kind.ADDRESS,
        r"\b[A-ZÄÖÜ][a-zäöüß]{2,30}(?:straße|strasse|weg|platz|allee|gasse) \d{1,4}[a-z]?\b",
    ),
    _shape(Kind.ADDRESS, r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b"),  # a British postcode
    _shape(Kind.AMOUNT, rf"(?<![\w$€£])(?:{_SIGN})[ \u00a0]?(?:{_NUMBER}){_MORE}"),
    _shape(Kind.AMOUNT, rf"(?<![\w.,$€£])(?:{_NUMBER}){_MORE}[ \u00a0]?(?:{_UNIT})(?!\w)"),
    _shape(Kind.IDENTIFIER, rf"(?<!\w){_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}(?!\w)"),
    _shape(
        Kind.IDENTIFIER, r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?(?!\w)"
    ),  # IBAN
    _shape(
        Kind.IDENTIFIER,
        rf"(?<![\w-])(?=[a-fA-F]{{0,64}}\d)(?=\d{{0,64}}[a-fA-F]){_HEX}{{12,64}}(?![\w-])",
    ),
    _shape(
        Kind.IDENTIFIER,
        r"(?<![\w-])[A-Z]{1,6}[-_]?\d{3,12}(?:-\d{1,12}){0,3}(?![\w-])",
        _is_number_of_something,
    ),
    _shape(Kind.IDENTIFIER, r"(?<![\w&])#\d{2,12}\b"),
    _shape(Kind.IDENTIFIER, r"(?<![\w.,:/$€£-])\d{6,18}(?![\w€$£%]|[.,:]\d)"),
    _shape(Kind.IDENTIFIER, r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?(?![\w.]\d|\w)"),
    _shape(Kind.IDENTIFIER, rf"(?<![\w:])(?:{_HEX}{{1,4}}:){{4,7}}{_HEX}{{1,4}}(?![\w:])"),
)
