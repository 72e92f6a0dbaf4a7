"""Card numbers: digits grouped as on cards, of a known issuer, that add up."""

import re
from collections.abc import Iterator

from portal.core.secrets.spans import Span

_GAP = r"(?:[ \t\u00a0-]{1,2}|[ \t]{0,2}\r?\n[> \t]{0,3})"
# found by looking ahead, because a number that is no card may end where a card begins
_CARD = re.compile(
    r"(?<![A-Za-z0-9_])(?<![A-Za-z0-9][-.])(?=(?P<whole>"
    rf"\d{{13,19}}|\d{{8}}{_GAP}\d{{8}}|\d{{4}}{_GAP}\d{{6}}{_GAP}\d{{4,5}}"
    rf"|\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{4}}(?P<tail>{_GAP}\d{{1,3}}(?!\d))?)"
    r"(?![A-Za-z0-9_]))"
)
# first digits and lengths by issuer: ISO/IEC 7812 ranges as the card schemes publish them
_ISSUERS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})"
    r"|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}"
    r"|3[47]\d{13}"
    r"|3(?:0[0-5]|[68]\d)\d{11}"
    r"|(?:6011|65\d\d|64[4-9]\d)\d{12}"
    r"|35(?:2[89]|[3-8]\d)\d{12}"
    r"|62\d{14,17}"
    r"|(?:5018|5020|5038|6304|6759|676[123])\d{8,15}"
)


def cards(text: str) -> Iterator[Span]:
    for match in _CARD.finditer(text):
        start, end = match.span("whole")
        if _is_card(match["whole"]):
            yield start, end, "card_number"
        elif match["tail"] and _is_card(text[start : match.start("tail")]):
            yield start, match.start("tail"), "card_number"


def _is_card(written: str) -> bool:
    digits = re.sub(r"\D", "", written)
    return bool(_ISSUERS.fullmatch(digits)) and len(set(digits)) > 1 and _adds_up(digits)


def _adds_up(digits: str) -> bool:
    """The check digit of ISO/IEC 7812 (Luhn)."""
    total = sum(map(int, digits[-1::-2]))
    return (total + sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])) % 10 == 0
