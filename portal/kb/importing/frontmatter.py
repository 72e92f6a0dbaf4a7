"""What stands above a text between two lines of `---`."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

import yaml

LONGEST = 64_000  # characters
MOST_ALIASES = 10  # merged into one another they double each time
_WHOLE = re.compile(
    r"\A\ufeff?---[ \t]*\n(?P<meta>.*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL
)
_ALIAS = re.compile(r"(?:^|[\s:,\[{-])\*[\w-]+", re.MULTILINE)
_PAIR = re.compile(r"^(?P<key>[A-Za-z_][\w-]{0,60}):[ \t]+(?P<value>\S.*)$", re.MULTILINE)
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Parted:
    """`above` are the lines before the body; `fault` says where the front matter is broken and how,
    and then `meta` has what could be saved."""

    body: str
    meta: dict[str, Any] = field(default_factory=dict)
    above: int = 0
    fault: tuple[int, str] | None = None


def part(text: str) -> Parted:
    found = _WHOLE.match(text)
    if found is None:
        return Parted(text.removeprefix("\ufeff"))
    written, body, above = found["meta"], text[found.end() :], found[0].count("\n")
    if len(written) > LONGEST or len(_ALIAS.findall(written)) > MOST_ALIASES:
        return Parted(body, {}, above, (1, "too long or too many aliases"))
    try:
        meta = yaml.load(written, _LOADER)  # noqa: S506  a safe loader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return Parted(body, _saved(written), above, _where(error))
    if meta is not None and not isinstance(meta, dict):
        return Parted(body, {}, above, (2, "not a list of names and values"))
    return Parted(body, {str(key): value for key, value in (meta or {}).items()}, above)


def _saved(written: str) -> dict[str, Any]:
    """What stands alone on a line, as it is written."""
    return {found["key"]: found["value"].strip(" \t'\"") for found in _PAIR.finditer(written)}


def _where(error: Exception) -> tuple[int, str]:
    mark = getattr(error, "problem_mark", None)
    said = getattr(error, "problem", None) or type(error).__name__
    return (mark.line + 2 if mark is not None else 1), str(said)


def words(value: Any) -> str:
    """A text; numbers and dates as they are written, nothing for what is neither."""
    if value is None or isinstance(value, list | dict | bool):
        return ""
    return " ".join(str(value).split())


def listed(value: Any) -> list[str]:
    """Of a list, a text with commas, or Docusaurus' `{label: …}`."""
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list):
        return []
    named = (one.get("label") if isinstance(one, dict) else one for one in value[:100])
    return [text for one in named if (text := words(one))]


def number(value: Any) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return None


def day(value: Any) -> datetime | None:
    """Noon of 2027-05-01, so that it is that day wherever somebody looks."""
    try:
        found = date.fromisoformat(words(value)[:10])
    except ValueError:
        return None
    return datetime.combine(found, time(12), UTC)


def is_set(value: Any) -> bool:
    return value is True or (isinstance(value, str) and value.lower() in ("true", "yes"))
