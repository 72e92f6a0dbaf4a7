"""Passwords, tokens, keys and card numbers in what people write, found and masked.

What is masked stays masked: the text that comes out is all that is stored. A sender whose
harmless words were taken for a secret confirms them by their fingerprint and sends again.

Every pattern is bounded, so the work grows with the length of the text and no faster. IBANs are
left alone: they are how customers pay and are paid, not a key to anything.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass

from portal.core.secrets.cards import cards
from portal.core.secrets.names import named
from portal.core.secrets.shapes import shaped
from portal.core.secrets.spans import Span

MARKER = re.compile(r"⟦(password|api token|private key|card number|card code|jwt|session cookie)⟧")


@dataclass(frozen=True, slots=True)
class Finding:
    """One masked secret. `start` and `end` bound its marker in the masked text.

    `kind`: password, api_token, private_key, card_number, card_code, jwt or session_cookie.
    """

    kind: str
    fingerprint: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Masked:
    text: str
    findings: tuple[Finding, ...]


def marker(kind: str) -> str:
    """What stands in a text instead of a secret. The same in every language; see MARKER."""
    return f"⟦{kind.replace('_', ' ')}⟧"


def mask(text: str, confirmed: frozenset[str] = frozenset(), *, key: bytes = b"") -> Masked:
    """The text with a marker for each secret. `confirmed` are fingerprints to leave as they are.

    A fingerprint of a weak password can be guessed from a list of passwords: give the
    installation's own `key`, and keep fingerprints no longer than the form needs them.
    """
    parts: list[str] = []
    findings: list[Finding] = []
    done = length = 0
    for start, end, kind in _without_overlaps(_found(text)):
        mark = fingerprint(text[start:end], key)
        if mark in confirmed:
            continue
        parts += [text[done:start], marker(kind)]
        length += start - done
        findings.append(Finding(kind, mark, length, length + len(parts[-1])))
        length += len(parts[-1])
        done = end
    return Masked("".join([*parts, text[done:]]), tuple(findings))


def fingerprint(secret: str, key: bytes = b"") -> str:
    """By which a `Finding` is recognised when its sender types it again."""
    packed = re.sub(r"[\s-]+", "", secret).encode("utf-8", "surrogatepass")
    return hmac.new(key, packed, hashlib.sha256).hexdigest()[:16]


def _without_overlaps(spans: Iterator[Span]) -> Iterator[Span]:
    """In order; where two overlap both are covered, under the name of the one that starts first."""
    current: Span | None = None
    for start, end, kind in sorted(spans, key=lambda span: (span[0], -span[1])):
        if current and start < current[1]:
            current = (current[0], max(end, current[1]), current[2])
            continue
        if current:
            yield current
        current = (start, end, kind)
    if current:
        yield current


def _found(text: str) -> Iterator[Span]:
    yield from shaped(text)
    yield from cards(text)
    yield from named(text)
