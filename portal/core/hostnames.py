"""Names of hosts as people type them, made what the DNS has, or refused with the reason.

Homographs are judged by the scripts of a label's letters, after Unicode's UTS 39 ("highly
restrictive"): scripts that are written together may stand together, others may not.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from ipaddress import ip_address
from typing import Any, Final, Protocol

LONGEST: Final = 253
LONGEST_LABEL: Final = 63
_LABEL: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_NUMBER: Final = re.compile(r"\d+|0x[0-9a-f]*")
_SLUG: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")

TOGETHER: Final = (
    {"LATIN", "HAN", "HIRAGANA", "KATAKANA"},
    {"LATIN", "HAN", "BOPOMOFO"},
    {"LATIN", "HAN", "HANGUL"},
)
# Cyrillic and Greek letters that look like a Latin one: a word of these alone is a disguise
DISGUISES: Final = dict(
    zip("асеорхуіјѕһԁԛԝӏкмнтвгьαορνικτυ", "aceopxyijshdqwlkmhtbrbaopvikty", strict=True)
)
RESERVED_ENDS: Final = frozenset(
    {"localhost", "local", "internal", "invalid", "onion", "arpa", "lan"}
)
REGISTRIES: Final = frozenset(
    {"ac", "co", "com", "edu", "gob", "gov", "gub", "net", "ne", "or", "org"}
)
SHARED: Final = frozenset(
    [
        "appspot.com",
        "azurewebsites.net",
        "blogspot.com",
        "cloudfront.net",
        "firebaseapp.com",
        "fly.dev",
        "github.io",
        "gitlab.io",
        "herokuapp.com",
        "myshopify.com",
        "netlify.app",
        "onrender.com",
        "pages.dev",
        "vercel.app",
        "web.app",
        "wordpress.com",
        "workers.dev",
    ]
)
RESERVED_SLUGS: Final = frozenset(
    [
        "about",
        "account",
        "accounts",
        "admin",
        "api",
        "app",
        "assets",
        "auth",
        "billing",
        "blog",
        "brand",
        "cdn",
        "company",
        "contact",
        "corbel",
        "dashboard",
        "demo",
        "desk",
        "dev",
        "dns",
        "docs",
        "email",
        "example",
        "ftp",
        "help",
        "home",
        "host",
        "hosts",
        "imap",
        "internal",
        "kb",
        "live",
        "local",
        "localhost",
        "login",
        "logout",
        "mail",
        "mailbox",
        "media",
        "mx",
        "new",
        "news",
        "ns",
        "ns1",
        "ns2",
        "official",
        "platform",
        "pop",
        "portal",
        "portals",
        "press",
        "public",
        "root",
        "security",
        "self",
        "service",
        "shop",
        "sign-in",
        "smtp",
        "sso",
        "staff",
        "staging",
        "static",
        "status",
        "support",
        "system",
        "team",
        "test",
        "tickets",
        "webmail",
        "widget",
        "www",
    ]
)


class BadHost(ValueError):
    """`reason` with facts for its sentence: empty, scheme, path, port, user, wildcard, number,
    single, too_long, characters, mixed (character, script, others), disguise (character, like),
    ours, reserved, registry."""

    def __init__(self, reason: str, **facts: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = facts


class BadSlug(ValueError):
    """`reason`: characters or reserved."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Idna(Protocol):
    """The library of that name; its errors are UnicodeErrors."""

    def encode(self, s: str, *, uts46: bool, std3_rules: bool) -> bytes: ...
    def decode(self, s: str) -> str: ...


def normalised(text: str, idna: Idna, ours: Collection[str] = ()) -> str:
    """ "Support.Acmé.COM." is "support.xn--acm-dma.com". `ours` are hosts that belong to the
    platform, with all below them. Raises BadHost."""
    typed = text.strip()
    _refuse_more_than_a_host(typed)
    _refuse_numbers(typed)
    host = _ascii(typed.removesuffix("."), idna)
    labels = host.split(".")
    if len(labels) < 2:
        raise BadHost("single")
    _refuse_homographs(shown(host, idna).split("."))
    _refuse_what_is_not_theirs(host, labels, ours)
    return host


def shown(host: str, idna: Idna) -> str:
    """As people read it."""
    try:
        return idna.decode(host)
    except UnicodeError:
        return host


def check_slug(slug: str) -> None:
    """What may stand before the portal domain. Raises BadSlug."""
    if not _SLUG.fullmatch(slug) or slug.startswith("xn--"):
        raise BadSlug("characters")
    if slug in RESERVED_SLUGS:
        raise BadSlug("reserved")


def _refuse_more_than_a_host(typed: str) -> None:
    if not typed:
        raise BadHost("empty")
    if len(typed) > 4 * LONGEST:
        raise BadHost("too_long")
    for mark, reason in (("://", "scheme"), ("/", "path"), ("\\", "path"), ("?", "path")):
        if mark in typed:
            raise BadHost(reason)
    for mark, reason in (("@", "user"), ("*", "wildcard")):
        if mark in typed:
            raise BadHost(reason)
    if re.search(r"[\s\x00-\x1f\x7f%#_,;'\"<>()]", typed):
        raise BadHost("characters")


def _refuse_numbers(typed: str) -> None:
    """Also 2130706433 and 0x7f.1, which some programs take for 127.0.0.1."""
    bare = typed.strip("[]").removesuffix(".").lower()
    try:
        ip_address(bare)
    except ValueError:
        if _NUMBER.fullmatch(bare.rpartition(".")[2]):
            raise BadHost("number") from None
    else:
        raise BadHost("number")
    if ":" in typed:
        raise BadHost("port")


def _ascii(typed: str, idna: Idna) -> str:
    try:
        host = idna.encode(typed, uts46=True, std3_rules=True).decode("ascii").lower()
    except UnicodeError as error:
        raise BadHost("too_long" if "too long" in str(error).lower() else "characters") from error
    if len(host) > LONGEST:
        raise BadHost("too_long")
    if not all(_LABEL.fullmatch(label) for label in host.split(".")):
        raise BadHost("characters")
    return host


def _refuse_homographs(labels: Iterable[str]) -> None:
    labels = list(labels)
    for label in labels:
        scripts = {script_of(letter) for letter in label if letter.isalpha()}
        if len(scripts) > 1 and not any(scripts <= group for group in TOGETHER):
            raise BadHost("mixed", **_odd_one(label))
        if labels[-1].isascii() and scripts & {"CYRILLIC", "GREEK"}:
            _refuse_disguise(label)


def _refuse_disguise(label: str) -> None:
    """A Cyrillic word before a Latin end that reads as a Latin word."""
    letters = [letter for letter in label if letter.isalpha()]
    if all(letter in DISGUISES for letter in letters):
        like = "".join(DISGUISES.get(letter, letter) for letter in label)
        script = script_of(letters[0]).title()
        raise BadHost("disguise", character=letters[0], script=script, like=like)


def _odd_one(label: str) -> dict[str, str]:
    """The letter of the rarer script, which is the one that surprises."""
    letters = [letter for letter in label if letter.isalpha()]
    scripts = [script_of(letter) for letter in letters]
    rare = min(dict.fromkeys(scripts), key=scripts.count)
    common = max(dict.fromkeys(scripts), key=scripts.count)
    odd = letters[scripts.index(rare)]
    return {"character": odd, "script": rare.title(), "others": common.title()}


def script_of(letter: str) -> str:
    """By the first word of its Unicode name: LATIN, CYRILLIC, GREEK, …"""
    name = unicodedata.name(letter, "UNKNOWN").split()[0]
    return {"CJK": "HAN", "KATAKANA-HIRAGANA": "KATAKANA"}.get(name, name)


def _refuse_what_is_not_theirs(host: str, labels: list[str], ours: Collection[str]) -> None:
    if any(host == own or host.endswith(f".{own}") for own in ours if own):
        raise BadHost("ours")
    if labels[-1] in RESERVED_ENDS:
        raise BadHost("reserved", end=labels[-1])
    registry = len(labels) == 2 and len(labels[1]) == 2 and labels[0] in REGISTRIES
    if registry or host in SHARED:
        raise BadHost("registry")
