"""Which screen of the host app an address is.

Rules are patterns of addresses:

    /projects/{id}/schedule     {id}: a number, a date, a key – whatever names one thing of many
    /projects/*/settings        *: any one part
    /reports/**                 **: any number of parts, also none
    #/projects/{id}/schedule    an app whose addresses are behind the #
    app.example.com/**          only there; *.example.com: at any name below
    /board?view=gantt           only with this; ?view=* with any

Of several rules that fit, the more specific one counts: one that names the host, then one that
names what is behind the #, then part by part from the left (a word before {id} before * before **),
then one that names more of what is behind the ?. What is left is decided by position.

Everything is bounded: of an address at most LONGEST characters and MOST_PARTS parts are read, and a
pattern is compared in time that grows with both lengths, whatever they hold.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from heapq import merge
from itertools import islice
from typing import Final
from urllib.parse import unquote

LONGEST: Final = 4000
LONGEST_PATTERN: Final = 300
MOST_PARTS: Final = 40
LONGEST_WORD: Final = 48  # of a part that says what a screen is
NEAR_SHOWN: Final = 3
ID: Final = "{id}"

Parts = tuple[str, ...]


class BadPattern(ValueError):
    """`reason` is "empty", "too_long", "many", "braces", "stars" or "host"."""

    def __init__(self, reason: str, part: str = "") -> None:
        super().__init__(f"{reason}: {part}")
        self.reason = reason
        self.part = part


class Weight(IntEnum):
    """How much a part of a pattern says."""

    REST = 0  # **
    ANY = 1  # *
    ID = 2  # {id}
    WORD = 3
    END = 4  # that nothing follows


@dataclass(frozen=True, slots=True)
class Address:
    """As rules see it: parts in small letters, decoded, without `.` and `..`. `route` is what is
    behind a # that begins with a slash; None: there is no such."""

    host: str = ""
    path: Parts = ()
    route: Parts | None = None
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def normal(self) -> str:
        """The same for all things of a kind: "/projects/{id}/schedule". It is a pattern, too."""
        route = "" if self.route is None else f"#{_normal(self.route)}"
        path = "" if route and not self.path else _normal(self.path)
        return _cut(f"{path}{route}")


_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,30}://", re.I)
_HOST = re.compile(r"(?:[^/?#]+@)?(?P<host>\[[0-9a-f:.]+\]|[^/?#:@\[\]]*)(?::\d*)?", re.I)
_LIKE_A_HOST = re.compile(r"(?:\*\.)?(?:[\w-]{1,63}\.)+[\w-]{2,63}(?::\d{1,5})?|localhost(?::\d+)?")
_INVISIBLE = re.compile(
    r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ud800-\udfff]"
)


def read(url: str) -> Address:
    """Whatever somebody's browser shows: a whole address, a path, a route. Never fails."""
    text = _INVISIBLE.sub("", url[:LONGEST]).strip()
    host, rest = _split_host(text)
    before, mark, fragment = rest.partition("#")
    path, _question, query = before.partition("?")
    route, _question, inner = fragment.partition("?")
    routed = bool(mark) and route.removeprefix("!").startswith("/")
    return Address(
        host=host,
        path=_parts(path),
        route=_parts(route.removeprefix("!")) if routed else None,
        query=_pairs(query) | (_pairs(inner) if routed else {}),
    )


def normal(url: str) -> str:
    return read(url).normal


def _split_host(text: str) -> tuple[str, str]:
    scheme = _SCHEME.match(text)
    if scheme or text.startswith("//"):
        rest = text[scheme.end() if scheme else 2 :]
        found = _HOST.match(rest)
        return (found["host"].lower().rstrip("."), rest[found.end() :]) if found else ("", rest)
    first = re.split(r"[/?#]", text, maxsplit=1)[0]
    if _LIKE_A_HOST.fullmatch(first):
        return first.partition(":")[0].lower(), text[len(first) :]
    return "", text


def _parts(path: str) -> Parts:
    parts: list[str] = []
    for raw in path.replace("\\", "/").split("/"):
        part = _folded(unquote(raw.partition(";")[0], errors="replace"))
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return tuple(parts[:MOST_PARTS])


def _folded(text: str) -> str:
    shown = _INVISIBLE.sub("", text)
    return unicodedata.normalize("NFC", shown.casefold()).strip()


def _pairs(query: str) -> dict[str, str]:
    """The last of several of a name counts."""
    found = {}
    for pair in query.split("&")[:MOST_PARTS]:
        name, _equals, value = pair.replace("+", " ").partition("=")
        if name:
            found[_folded(unquote(name))] = _folded(unquote(value))
    return found


def _normal(parts: Parts) -> str:
    return "/" + "/".join(ID if names_a_thing(part) else part for part in parts)


def _cut(text: str) -> str:
    """Whole parts alone, so that it is the normal form of itself."""
    if len(text) <= LONGEST_PATTERN:
        return text
    return text[: LONGEST_PATTERN + 1].rpartition("/")[0].rstrip("#")


_WORD = re.compile(r"[^\W\d_](?:[^\W\d]|[.~-])*|v\d{1,2}")
_RANDOM = re.compile(r"[0-9a-f]{16,}|[^\W\d_]{32,}")


def names_a_thing(part: str) -> bool:
    """Whether it names one thing of many (7, 2026-11-24, 9f1c…, tower-12, ana@acme.test) and not a
    screen. What holds a digit does, but for versions (v2); so does what nobody calls a screen."""
    if len(part) > LONGEST_WORD or _RANDOM.fullmatch(part):
        return True
    return _WORD.fullmatch(part) is None


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a rule says of addresses; use `pattern`. `route` None: it says nothing of it, and `path`
    None likewise."""

    text: str
    host: str = ""
    path: Parts | None = None
    route: Parts | None = None
    query: Mapping[str, str] = field(default_factory=dict)

    def fits(self, address: Address) -> bool:
        return not self.misfits(address)

    def misfits(self, address: Address) -> str:
        """What does not fit: "host", "path", "route" or "query"; "" when all does."""
        if self.host and not _host_fits(self.host, address.host):
            return "host"
        if self.path is not None and not _fits(self.path, address.path):
            return "path"
        if self.route is not None and not _fits(self.route, address.route):
            return "route"
        return "" if all(_has(address.query, *pair) for pair in self.query.items()) else "query"

    @property
    def weight(self) -> tuple[object, ...]:
        """The greater, the more specific."""
        host = 0 if not self.host else 1 if self.host.startswith("*.") else 2
        return host, _weights(self.route), _weights(self.path), len(self.query)


def pattern(text: str) -> Pattern:
    """Raises BadPattern."""
    written = text.strip()
    if not written or _INVISIBLE.search(written):
        raise BadPattern("empty")
    if len(written) > LONGEST_PATTERN:
        raise BadPattern("too_long")
    if _SCHEME.match(written) and not _split_host(written)[0]:
        raise BadPattern("host", written)
    host, rest = _split_host(written)
    before, mark, fragment = rest.partition("#")
    path, asked, query = before.partition("?")
    route, _question, inner = fragment.removeprefix("!").partition("?")
    return Pattern(
        text=written,
        host=host,
        path=_wanted(path) if path or not (mark or asked) else None,
        route=_wanted(route) if mark else None,
        query=_pairs(query) | _pairs(inner),
    )


def _wanted(path: str) -> Parts:
    parts = tuple(_folded(unquote(part)) for part in path.split("/") if part)
    if len(parts) > MOST_PARTS:
        raise BadPattern("many")
    for part in parts:
        if ("{" in part or "}" in part) and not _is_id(part):
            raise BadPattern("braces", part)
        if "*" in part and part not in ("*", "**"):
            raise BadPattern("stars", part)
    return parts


def _is_id(part: str) -> bool:
    """{id}, or a name that says which: {project}."""
    return len(part) > 2 and part[0] == "{" and part[-1] == "}" and part[1:-1].isidentifier()


def _host_fits(wanted: str, host: str) -> bool:
    return host.endswith(wanted[1:]) if wanted.startswith("*.") else host == wanted


def _has(query: Mapping[str, str], name: str, value: str) -> bool:
    return name in query and value in ("", "*", query[name])


def _fits(wanted: Parts, parts: Parts | None) -> bool:
    """Never goes back further than to the last **: what an earlier one takes changes nothing."""
    if parts is None:
        return False
    at = here = 0
    rest = since = -1
    while here < len(parts):
        if at < len(wanted) and wanted[at] == "**":
            rest, since, at = at, here, at + 1
        elif at < len(wanted) and _takes(wanted[at], parts[here]):
            at, here = at + 1, here + 1
        elif rest >= 0:
            since += 1
            at, here = rest + 1, since
        else:
            return False
    return all(part == "**" for part in wanted[at:])


def _takes(wanted: str, part: str) -> bool:
    if wanted == "*":
        return True
    return names_a_thing(part) if _is_id(wanted) else wanted == part


def _weights(parts: Parts | None) -> tuple[int, ...]:
    return () if parts is None else (*(_weight(part) for part in parts), Weight.END)


def _weight(part: str) -> Weight:
    if part in ("*", "**"):
        return Weight.ANY if part == "*" else Weight.REST
    return Weight.ID if _is_id(part) else Weight.WORD


@dataclass(frozen=True, slots=True)
class Rule:
    """An address of a screen. `position`: the lower of two that say as much."""

    pattern: Pattern
    page_key: str
    module: str
    position: int = 0


@dataclass(frozen=True, slots=True)
class Explanation:
    """`because`: "nothing" fits, the rule is the "only" one, or it beats the next of `others` by
    its "host", "route", "path", "query" or "position"."""

    address: Address
    rule: Rule | None
    because: str
    others: Sequence[Rule] = ()
    nearly: Sequence["Near"] = ()


@dataclass(frozen=True, slots=True)
class Near:
    """A rule that would fit if `part` were what it wants."""

    rule: Rule
    wanted: str
    part: str


_BY_WEIGHT: Final = ("host", "route", "path", "query")


@dataclass(frozen=True)
class Rules:
    """All rules, the most specific first; use `Rules.of`."""

    ordered: tuple[Rule, ...] = ()

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> "Rules":
        by_place = sorted(rules, key=lambda rule: (rule.position, rule.pattern.text))
        return cls(tuple(sorted(by_place, key=lambda rule: rule.pattern.weight, reverse=True)))

    def page_of(self, url: str) -> Rule | None:
        return next(self._fitting(read(url)), None)

    def explain(self, url: str) -> Explanation:
        address = read(url)
        fitting = list(self._fitting(address))
        if not fitting:
            nearly = tuple(islice(self._nearly(address), NEAR_SHOWN))
            return Explanation(address, None, "nothing", nearly=nearly)
        rule, *others = fitting
        return Explanation(address, rule, _because(rule, others), others)

    def _fitting(self, address: Address) -> Iterator[Rule]:
        return (rule for rule in self._asked(address) if rule.pattern.fits(address))

    def _asked(self, address: Address) -> Iterator[Rule]:
        """Those whose first word is the address's own, and those that begin with none."""
        firsts = {"", *address.path[:1], *(address.route or ())[:1]}
        places = (self._by_first.get(first, ()) for first in firsts)
        return (self.ordered[place] for place in merge(*places))

    @cached_property
    def _by_first(self) -> Mapping[str, Sequence[int]]:
        found: dict[str, list[int]] = {}
        for place, rule in enumerate(self.ordered):
            found.setdefault(_first_word(rule.pattern), []).append(place)
        return found

    def _nearly(self, address: Address) -> Iterator[Near]:
        for rule in self.ordered:
            there = _in_one_part(rule.pattern, address)
            if there:
                yield Near(rule, *there)


def _first_word(pattern: Pattern) -> str:
    parts = pattern.route if pattern.route is not None else pattern.path
    first = next(iter(parts or ()), "*")
    return first if _weight(first) is Weight.WORD else ""


def _because(rule: Rule, others: Sequence[Rule]) -> str:
    if not others:
        return "only"
    pairs = zip(rule.pattern.weight, others[0].pattern.weight, strict=True)
    differs = [ours != theirs for ours, theirs in pairs]
    return _BY_WEIGHT[differs.index(True)] if any(differs) else "position"


def _in_one_part(pattern: Pattern, address: Address) -> tuple[str, str] | None:
    """The only part in which they differ, as it is wanted and as it is."""
    wrong = pattern.misfits(address)
    wanted, parts = (
        (pattern.route, address.route) if wrong == "route" else (pattern.path, address.path)
    )
    if wrong not in ("route", "path") or not wanted or not parts or len(wanted) != len(parts):
        return None
    differing = [pair for pair in zip(wanted, parts, strict=True) if not _takes(*pair)]
    return differing[0] if len(differing) == 1 and len(parts) > 1 else None
