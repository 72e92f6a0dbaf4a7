"""Where a documentation tree has its pages of a language, and which files those are."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["docusaurus", "starlight", "corbel", "plain"]

MARKER = "corbel.json"  # at the top of what `corbel kb export` wrote
SUFFIXES = frozenset({".md", ".mdx", ".markdown"})
LONGEST_FILE = 5_000_000  # bytes
_HIGHEST = 6  # folders above the given one in which a site's settings may be
_TRANSLATED = Path("docusaurus-plugin-content-docs") / "current"
_CONTENT = Path("src/content/docs")
_DEFAULT = re.compile(r"defaultLocale['\"]?\s*:\s*['\"](?P<language>[\w-]{2,10})['\"]")
_BASE = re.compile(
    r"\b(?:baseUrl|base|routeBasePath)['\"]?\s*:\s*['\"](?P<base>[^'\"\n]{1,100})['\"]"
)
_UNREAD = frozenset({"node_modules", "build", "dist"})
_SPOKEN = (
    "ar be bg bn ca cs da de el en es et eu fa fi fr gl he hi hr hu id is it ja ka kk ko lt lv ms"
    " nb nl nn no pl pt ro ru sk sl sq sr sv sw ta te th tr uk ur uz vi zh"
)
_TONGUES = frozenset(_SPOKEN.split())
_TONGUE = re.compile(r"(?P<tongue>[a-z]{2})(?:[-_][A-Za-z]{2,4})?")


class NoPages(Exception):
    """There is nothing to import; the text says why."""


@dataclass(frozen=True, slots=True)
class Tree:
    """`root` has the pages of the language, `original` those they translate, `project` is the
    outermost folder that pictures may come from, `statics` are served from the site's root."""

    kind: Kind
    root: Path
    project: Path
    statics: tuple[Path, ...] = ()
    original: Path | None = None
    other_languages: frozenset[str] = frozenset()
    bases: frozenset[str] = frozenset()  # with which addresses begin at the site


def locate(folder: Path, language: str) -> Tree:
    """Raises NoPages."""
    folder = folder.resolve()
    if not folder.is_dir():
        raise NoPages(f"{folder} is no folder")
    project, kind = _project(folder, language)
    inside = folder if folder != project else _pages(project, kind)
    root, original = _in_language(inside, project, kind, language)
    statics = [project / name for name in ("static", "public") if (project / name).is_dir()]
    statics += [inside] if kind == "plain" else []  # MkDocs serves what lies beside its pages
    others = frozenset(path.name for path in _folders(root) if is_language(path.name))
    return Tree(kind, root, project, tuple(statics), original, others, _bases(project))


def is_language(name: str) -> bool:
    found = _TONGUE.fullmatch(name)
    return found is not None and found["tongue"] in _TONGUES


def _project(folder: Path, language: str) -> tuple[Path, Kind]:
    above = [folder, *folder.parents[:_HIGHEST]]
    for place in [*above, folder / "website", folder / "docs"]:
        if kind := _kind(place):
            return place, kind
    shelved = next(folder.rglob("_category_.*"), None)
    if shelved:
        return folder, "docusaurus"
    return folder.parent if _has_sisters(folder, language) else folder, "plain"


def _kind(place: Path) -> Kind | None:
    names = {path.name for path in place.iterdir()} if place.is_dir() else set()
    if MARKER in names:
        return "corbel"
    if any(name.startswith("docusaurus.config.") for name in names):
        return "docusaurus"
    if any(name.startswith("astro.config.") for name in names) or (place / _CONTENT).is_dir():
        return "starlight"
    return "plain" if "mkdocs.yml" in names else None


def _pages(project: Path, kind: Kind) -> Path:
    if kind == "starlight" and (project / _CONTENT).is_dir():
        return project / _CONTENT
    beside = project.parent / "docs"
    for place in (project / "docs", *([beside] if project.name == "website" else [])):
        if kind in ("docusaurus", "plain") and place.is_dir():
            return place
    return project


def _in_language(
    inside: Path, project: Path, kind: Kind, language: str
) -> tuple[Path, Path | None]:
    if kind == "docusaurus":
        return _in_docusaurus(inside, project, language)
    own = _language_folder(inside, language)
    if own is not None:
        original = _language_folder(inside, "en") or inside
        return own, None if original == own else original
    if is_language(inside.name) and inside != project:
        original = _language_folder(inside.parent, "en") or inside.parent
        return inside, None if original == inside else original
    return inside, None


def _in_docusaurus(inside: Path, project: Path, language: str) -> tuple[Path, Path | None]:
    docs = _pages(project, "docusaurus")
    if "i18n" in inside.relative_to(project).parts:
        for longer in (inside / _TRANSLATED, inside / "current", inside):
            if longer.is_dir():
                return longer, docs
    if inside != docs or language == _default_language(project):
        return inside, None
    translated = next(
        (
            place / _TRANSLATED
            for place in _folders(project / "i18n")
            if _is_of(place.name, language) and (place / _TRANSLATED).is_dir()
        ),
        None,
    )
    if translated is not None:
        return translated, docs
    if (project / "i18n").is_dir():
        raise NoPages(f"{project} has no pages in {language}")
    return _language_folder(inside, language) or inside, None


def _default_language(project: Path) -> str:
    for settings in project.glob("docusaurus.config.*"):
        if found := _DEFAULT.search(settings.read_text("utf-8", "replace")[:200_000]):
            return found["language"].partition("-")[0]
    return "en"


def _bases(project: Path) -> frozenset[str]:
    named = {"docs"}
    for settings in (*project.glob("docusaurus.config.*"), *project.glob("astro.config.*")):
        text = settings.read_text("utf-8", "replace")[:200_000]
        for found in _BASE.finditer(text):
            if "://" not in found["base"]:
                named |= set(found["base"].lower().strip("/").split("/"))
    return frozenset(named - {""})


def _language_folder(inside: Path, language: str) -> Path | None:
    fitting = [path for path in _folders(inside) if _is_of(path.name, language)]
    return min(fitting, key=lambda path: (len(path.name), path.name), default=None)


def _is_of(name: str, language: str) -> bool:
    return is_language(name) and name.replace("_", "-").partition("-")[0] == language


def _has_sisters(folder: Path, language: str) -> bool:
    """Whether it is one language of several, whose pictures may lie above them."""
    beside = [path for path in _folders(folder.parent) if path != folder]
    return _is_of(folder.name, language) and any(is_language(path.name) for path in beside)


def _folders(place: Path) -> list[Path]:
    return sorted(path for path in place.iterdir() if path.is_dir()) if place.is_dir() else []


def pages_in(root: Path, other_languages: frozenset[str] = frozenset()) -> Iterator[Path]:
    """Text files in the order of their names; nothing hidden, no parts (`_part.mdx`) of others."""
    for folder, names, files in os.walk(root):
        here = Path(folder)
        names[:] = sorted(
            name
            for name in names
            if name not in _UNREAD
            and not name.startswith(("_", "."))
            and not (here == root and name in other_languages)
        )
        for name in sorted(files):
            path = here / name
            if path.suffix.lower() in SUFFIXES and not name.startswith(("_", ".")):
                yield path
