"""What is said in a film, and when: WebVTT and SubRip in, WebVTT out; chapters as people type them.

Everything is read line by line, in time that grows with the length alone.
"""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 1024 * 1024
MOST_CUES: Final = 20_000
MOST_CHAPTERS: Final = 100
LONGEST_CUE: Final = 1000
LONGEST_TITLE: Final = 120
_TIME: Final = re.compile(r"(?:(\d{1,3}):)?([0-5]?\d):([0-5]\d)(?:[.,](\d{1,3}))?")
_TAG: Final = re.compile(r"<[^<>]{0,200}>")
_UNSAID: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_CHAPTER: Final = re.compile(r"\[?([\d:]{3,9})\]?\s*(?:[-–—]\s*)?(.*)")


class BadCaptions(ValueError):
    """`reason` is "too_long", "nothing" or "time", `line` where (from 1; 0: nowhere)."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(f"{reason} in line {line}")
        self.reason = reason
        self.line = line


@dataclass(frozen=True, slots=True)
class Cue:
    """Seconds from the start, and words without markup."""

    at: float
    until: float
    text: str


@dataclass(frozen=True, slots=True)
class Chapter:
    at: int
    title: str


def read(content: str) -> list[Cue]:
    """WebVTT or SubRip, in the order of time. Raises BadCaptions."""
    if len(content) > LONGEST:
        raise BadCaptions("too_long")
    cues = list(_cues(content.removeprefix("\ufeff").splitlines()))
    if not cues:
        raise BadCaptions("nothing")
    if len(cues) > MOST_CUES:
        raise BadCaptions("too_long")
    return sorted(cues, key=lambda cue: (cue.at, cue.until))


def _cues(lines: Sequence[str]) -> Iterator[Cue]:
    number = 0
    while number < len(lines):
        if "-->" not in lines[number]:
            number += 1
            continue
        at, until = _span(lines[number], number + 1)
        said, number = [], number + 1
        while number < len(lines) and lines[number].strip():
            said.append(lines[number])
            number += 1
        text = _plain("\n".join(said))
        if text:
            yield Cue(at, until, text)


def _span(line: str, number: int) -> tuple[float, float]:
    before, _arrow, after = line.partition("-->")
    at, until = _seconds(before), _seconds(after.split()[0] if after.split() else "")
    if at is None or until is None or until <= at:
        raise BadCaptions("time", number)
    return at, until


def _seconds(text: str) -> float | None:
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    hours, minutes, seconds, thousandths = found.groups()
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return (whole * 1000 + int((thousandths or "0").ljust(3, "0"))) / 1000


def _plain(text: str) -> str:
    said = _UNSAID.sub("", html.unescape(_TAG.sub("", text)))
    return "\n".join(line.strip() for line in said.split("\n") if line.strip())[:LONGEST_CUE]


def webvtt(cues: Iterable[Cue]) -> str:
    written = (
        f"{_time(cue.at)} --> {_time(cue.until)}\n{html.escape(cue.text, quote=False)}\n"
        for cue in cues
    )
    return "\n".join(["WEBVTT\n", *written])


def _time(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    hours, rest = divmod(thousandths, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    whole, part = divmod(rest, 1000)
    return f"{hours:02}:{minutes:02}:{whole:02}.{part:03}"


def clock(seconds: float) -> str:
    """As people write it: "0:07", "1:02:30"."""
    hours, rest = divmod(int(seconds), 3600)
    minutes, whole = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{whole:02}" if hours else f"{minutes}:{whole:02}"


def chapters(text: str) -> list[Chapter]:
    """A line each: "0:07 Add a task". Raises BadCaptions for a line that is none."""
    found: dict[int, Chapter] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = _CHAPTER.fullmatch(line.strip())
        at = _seconds(match[1]) if match else None
        title = " ".join(_UNSAID.sub("", match[2]).split()) if match else ""
        if at is None or not title or len(title) > LONGEST_TITLE:
            raise BadCaptions("time", number)
        found[int(at)] = Chapter(int(at), title)
    if len(found) > MOST_CHAPTERS:
        raise BadCaptions("too_long")
    return [found[at] for at in sorted(found)]


def typed(known: Iterable[Chapter]) -> str:
    """As `chapters` reads them."""
    return "\n".join(f"{clock(one.at)} {one.title}" for one in known)
