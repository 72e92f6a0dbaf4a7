"""Replies with gaps: `{placeholder}` is all the language there is.

Values are put in once and never read again, so nothing a customer wrote can act as a
template; attribute access, formats and conversions do not exist.
"""

import re
from collections.abc import Iterable, Mapping

_GAP = re.compile(r"\{([a-z][a-z0-9_]{0,59})\}")


class Unfilled(ValueError):
    """`missing` names the gaps that still stand open, in the order asked."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(f"still open: {', '.join(missing)}")
        self.missing = missing


def placeholders(body: str) -> tuple[str, ...]:
    """The gaps of a body, each once, in reading order."""
    return tuple(dict.fromkeys(_GAP.findall(body)))


def missing(required: Iterable[str], values: Mapping[str, str]) -> tuple[str, ...]:
    """What is required and blank."""
    return tuple(key for key in required if not values.get(key, "").strip())


def fill(body: str, *, required: Iterable[str], values: Mapping[str, str]) -> str:
    """Unfilled, unless every gap of the body and everything required has a value."""
    wanted = dict.fromkeys([*required, *placeholders(body)])
    if still_open := missing(wanted, values):
        raise Unfilled(still_open)
    return put_in(body, {key: value.strip() for key, value in values.items()})


def put_in(body: str, values: Mapping[str, str]) -> str:
    """Put values in for their gaps, blank ones too; gaps without a value stay."""
    return _GAP.sub(lambda gap: values.get(gap[1], gap[0]), body)


def preview(body: str, values: Mapping[str, str]) -> str:
    """Fill what is known and leave the other gaps standing."""
    return _GAP.sub(lambda gap: values.get(gap[1], "").strip() or gap[0], body)


def left_open(text: str, fields: Iterable[str]) -> tuple[str, ...]:
    """The fields whose gap still stands in a reply written over a template."""
    standing = set(placeholders(text))
    return tuple(key for key in fields if key in standing)
