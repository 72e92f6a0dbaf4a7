"""The old letter that mail programs leave under a new one."""

import re
from dataclasses import dataclass

MOST_OWN_QUOTES = 5  # lines at the end that somebody quotes to speak about them

_QUOTED = re.compile(r"\s{0,3}>")
# "On Tue, 24 Nov 2026, Ana wrote:" and its like; some programs break it over three lines
_ATTRIBUTION = re.compile(
    r"(?i)(?:on|el|le|am|em|il)\s.{5,300}\s(?:wrote|escribió|a écrit|schrieb\s.{1,100}|escreveu"
    r"|ha scritto)\s?:",
    re.DOTALL,
)
_DIVIDER = re.compile(
    r"(?i)\s{0,3}(?:-{2,10}\s?(?:original message|mensaje original|forwarded message"
    r"|mensaje reenviado)\s?-{2,10}|_{20,80})\s*"
)
_OUTLOOK = re.compile(r"(?i)\*{0,2}(?:from|de):\*{0,2}\s.{1,200}")
_OUTLOOK_NEXT = re.compile(
    r"(?i)\*{0,2}(?:sent|date|to|enviado(?: el)?|fecha|para):\*{0,2}\s.{1,200}"
)


@dataclass(frozen=True, slots=True)
class Folded:
    """`fresh` and `quoted` joined by a line break are the text; `quoted` may be empty."""

    fresh: str
    quoted: str


def fold_quotes(text: str) -> Folded:
    """Split off what is quoted at the end. A text that is nothing but quotes stays whole."""
    lines = text.splitlines()
    start = min(_divider(lines), _tail(lines))
    fresh = "\n".join(lines[:start]).rstrip()
    if start == len(lines) or not fresh.strip():
        return Folded(text, "")
    return Folded(fresh, "\n".join(lines[start:]).strip("\n"))


def _divider(lines: list[str]) -> int:
    for number, line in enumerate(lines):
        if _DIVIDER.fullmatch(line[:200]):
            return number
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if _OUTLOOK.fullmatch(line[:300]) and _OUTLOOK_NEXT.fullmatch(following[:300]):
            return number
    return len(lines)


def _tail(lines: list[str]) -> int:
    """Where the quoted lines begin that nothing of the writer's follows."""
    start = len(lines)
    while start and (not lines[start - 1].strip() or _QUOTED.match(lines[start - 1])):
        start -= 1
    quoted = sum(bool(_QUOTED.match(line)) for line in lines[start:])
    introduced = _introduction(lines, start)
    if introduced < start and quoted:
        return introduced
    return start if quoted > MOST_OWN_QUOTES else len(lines)


def _introduction(lines: list[str], end: int) -> int:
    for start in range(end - 1, max(end - 4, -1), -1):
        if not lines[start].strip():
            break
        if _ATTRIBUTION.fullmatch("\n".join(lines[start:end])[:600].strip()):
            return start
    return end
