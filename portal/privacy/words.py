"""Taking a person's name and address out of what others wrote. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import quote

_GAP = r"(?:[\s._+-]|%20)+"  # also in names of files and in addresses
_BEFORE = r"(?:(?<![^\W_])|(?<=%[0-9A-Fa-f]{2}))"  # no letter, unless it is a quoted sign
_AFTER = r"(?![^\W_])"


@dataclass(frozen=True, slots=True)
class Words:
    """`former` stands for the name and `gone` for the address, in the language of the record.

    A name of one word is taken out of fields that hold it alone: in sentences it may be a word.
    """

    name: str
    email: str
    former: str
    gone: str
    _names: re.Pattern[str] | None = field(init=False, compare=False)
    _addresses: re.Pattern[str] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_names", _names_in_text(self.name))
        object.__setattr__(self, "_addresses", _addresses_in_text(self.email))

    def out_of(self, value: Any) -> Any:
        """A text, or what JSON is made of; the same object where nothing had to go."""
        match value:
            case str():
                return self._out_of_text(value)
            case Mapping():
                found = {self._out_of_text(key): self.out_of(one) for key, one in value.items()}
                return value if found == value else found
            case list():
                parts = [self.out_of(one) for one in value]
                return value if parts == value else parts
        return value

    def _out_of_text(self, text: str) -> str:
        whole = text.strip().casefold()
        if whole == self.email.casefold():
            return ""
        if whole == self.name.strip().casefold():
            return self.former
        left = self._addresses.sub(self.gone, text)
        return left if self._names is None else self._names.sub(self.former, left)


def _names_in_text(name: str) -> re.Pattern[str] | None:
    words = name.split()
    if len(words) < 2:
        return None
    spoken = {_GAP.join(map(re.escape, each)) for each in (words, escape(name).split())}
    listed = rf"{re.escape(words[-1])},\s*" + _GAP.join(map(re.escape, words[:-1]))
    ways = "|".join([*sorted(spoken), listed])
    return re.compile(rf"{_BEFORE}(?:{ways}){_AFTER}", re.IGNORECASE)


def _addresses_in_text(email: str) -> re.Pattern[str]:
    ways = {re.escape(each) for each in (email, quote(email, safe=""), escape(email))}
    before = r"(?:(?<![\w.+-])|(?<=%[0-9A-Fa-f]{2}))"  # another's address may end like this one
    return re.compile(rf"{before}(?:{'|'.join(sorted(ways))})(?![\w-]|\.\w)", re.IGNORECASE)
