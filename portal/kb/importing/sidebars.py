"""The order in which a project's own sidebar names its pages and folders.

Docusaurus and Starlight keep it in a program, which is not run: what stands there in quotes is read
in its order, and what names no page means nothing to us. MkDocs has a list.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any, Final

import yaml

from portal.kb.importing.tree import SUFFIXES, Kind

_FILES: Final[Mapping[Kind, tuple[str, ...]]] = {
    "docusaurus": ("sidebars.*",),
    "starlight": ("astro.config.*", "sidebar.*"),
    "plain": ("mkdocs.yml",),
    "corbel": (),
}
_LONGEST: Final = 500_000  # characters
_SAID: Final = re.compile(
    r"""//[^\n]*|/\*.*?\*/|(?P<quote>['"`])(?P<words>(?:\\.|(?!(?P=quote))[^\\\n])*)(?P=quote)""",
    re.DOTALL,
)


def places(project: Path, kind: Kind) -> dict[str, int]:
    """Of each name, as it is written but for slashes around it and the ending of a file."""
    found: dict[str, int] = {}
    number = count()
    for wanted in _FILES[kind]:
        for path in sorted(project.glob(wanted)):
            for name in _names(path):
                found.setdefault(_bare(name), next(number))
    return found


def _names(path: Path) -> Iterable[str]:
    text = path.read_text("utf-8", "replace")[:_LONGEST]
    if path.suffix == ".yml":
        return _navigation(text)
    return (found["words"] for found in _SAID.finditer(text) if found["words"])


def _navigation(text: str) -> Iterator[str]:
    try:
        told = yaml.load(text, _Loader)  # noqa: S506  it knows no objects
    except (yaml.YAMLError, RecursionError):
        return
    yield from _within(told.get("nav") if isinstance(told, dict) else None)


def _within(told: Any) -> Iterator[str]:
    if isinstance(told, str):
        yield told
    for one in told.values() if isinstance(told, dict) else told if isinstance(told, list) else ():
        yield from _within(one)


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """Without the objects that settings of MkDocs may name beside its navigation."""


_Loader.add_multi_constructor("", lambda _loader, _tag, _node: None)


def _bare(name: str) -> str:
    name = name.strip("/")
    ending = Path(name).suffix
    return name.removesuffix(ending) if ending in SUFFIXES else name
