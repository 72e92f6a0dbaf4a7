"""Where in a text something private stands, and what it is."""

from enum import StrEnum
from typing import Final, NamedTuple

LETTER: Final = r"[^\W_]"
"""Or digit: what stands between underscores is emphasised, and begins there."""


class Kind(StrEnum):
    PERSON = "person"
    COMPANY = "company"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    AMOUNT = "amount"
    IDENTIFIER = "identifier"  # numbers of accounts, orders, projects; keys of rows
    LINK = "link"  # an address on the web that leads to somebody's own
    PICTURE = "picture"
    SECRET = "secret"  # noqa: S105  where one was masked


class Span(NamedTuple):
    start: int
    end: int
    kind: Kind
