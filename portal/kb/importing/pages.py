"""What a file of a tree is: its address, its place and what its front matter says."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from portal.core.slugs import LONGEST, slug_of
from portal.kb.importing import sidebars
from portal.kb.importing.frontmatter import Parted, is_set, listed, number, part, words
from portal.kb.importing.report import Report
from portal.kb.importing.tree import LONGEST_FILE, Kind, Tree, pages_in

DEEPEST = 4  # shelves in one another
FOREMOST = 1e6  # before whatever says its own place
HOME = "home"  # the address of the page at the top of a tree
_NUMBERED = re.compile(r"(?P<number>\d{1,6})\s*[-_.]+\s*(?P<rest>[^-_.\s].*)")
_DATED = re.compile(r"\d{2,4}[-_.]\d{2}([-_.]|$)|\d+[-_.]\d+([-_.]\d+)*$")
_HEADING = re.compile(
    r"\s*#[ \t]+(?P<words>[^\n]+?)[ \t]*#*[ \t]*(?:\{[ \t]*#[^}\n]*\})?[ \t]*(?:\n|\Z)"
)
_INDEXES = frozenset({"index", "readme"})


@dataclass(slots=True)
class Page:
    """`name` is what it is called in every language: the path within the tree without its ending,
    or the key of its topic where our export wrote it; then `topic_id` has that, and `source` where
    that topic came from itself. `address` is the path at the site it comes from, `ident` what a
    sidebar calls it, `shelf` the keys of its folders."""

    path: Path
    name: str
    file: str
    parted: Parted
    body: str
    address: str
    ident: str
    slug: str
    title: str
    summary: str
    labels: list[str]
    shelf: tuple[str, ...] = ()
    order: tuple[float, str] = (0.0, "")
    position: int = 0
    topic_id: UUID | None = None
    source: str = ""

    @property
    def meta(self) -> dict[str, Any]:
        return self.parted.meta


@dataclass(slots=True)
class Shelf:
    """A folder as a category: `key` without those around it."""

    path: tuple[str, ...]
    title: str
    description: str = ""
    module: str = ""
    order: tuple[float, str] = (0.0, "")
    position: int = 0


@dataclass(slots=True)
class Plan:
    """All of a tree, in its order."""

    pages: list[Page] = field(default_factory=list)
    shelves: dict[tuple[str, ...], Shelf] = field(default_factory=dict)


def plan(tree: Tree, root: Path, report: Report) -> Plan:
    """Reads every page's front matter. What can't be read is in the report."""
    made = Plan()
    others = tree.other_languages if root == tree.root else frozenset()
    for path in pages_in(root, others):
        if (page := _page(tree.kind, root, path, report)) is not None:
            made.pages.append(page)
    _shelve(tree.kind, root, made)
    if tree.kind == "corbel":
        _as_given(made)
    else:
        _follow(sidebars.places(tree.project, tree.kind), made)
        _rank(made)
    _name(made.pages, report)
    return made


def _page(kind: Kind, root: Path, path: Path, report: Report) -> Page | None:
    file = path.relative_to(root).as_posix()
    report.files += 1
    text = _text(path, root, file, report)
    if text is None:
        report.skipped += 1
        return None
    parted = part(text)
    if parted.fault is not None:
        report.say(file, parted.fault[0], "front_matter", parted.fault[1])
    if is_set(parted.meta.get("draft")) or file.lower() in ("404.md", "404.mdx"):
        report.say(file, 1, "draft")
        report.skipped += 1
        return None
    if is_set(parted.meta.get("unlisted")):
        report.say(file, 1, "unlisted")
    page = _described(kind, path, file, parted)
    if kind == "corbel":
        _recall(page, report)
    return page


def _text(path: Path, root: Path, file: str, report: Report) -> str | None:
    try:
        if not path.resolve().is_relative_to(root):
            report.say(file, 0, "not_text", "a link out of the tree")
            return None
        if path.stat().st_size > LONGEST_FILE:
            report.say(file, 0, "too_long", f"{path.stat().st_size} bytes")
            return None
        data = path.read_bytes()
    except OSError as error:
        report.say(file, 0, "failed", error.strerror or str(error))
        return None
    if b"\0" in data[:8000]:
        report.say(file, 0, "not_text")
        return None
    return data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")


def _described(kind: Kind, path: Path, file: str, parted: Parted) -> Page:
    meta, parts = parted.meta, file.rpartition(".")[0].split("/")
    bare = [_bare(kind, one)[1] for one in parts]
    address = _address(kind, bare, meta)
    heading = None if kind == "corbel" else _HEADING.match(parted.body)
    title = words(meta.get("title"))
    body = parted.body
    if heading and (not title or _plain(heading["words"]) == title):
        title, body = title or _plain(heading["words"]), "\n" + body[heading.end() :].lstrip("\n")
        body = "\n" * parted.body[: heading.end()].count("\n") + body.lstrip("\n")
    spoken = title or words(meta.get("sidebar_label")) or _humane(bare)
    hero = meta.get("hero")
    tagline = hero.get("tagline") if isinstance(hero, dict) else None
    summary = words(meta.get("description")) or words(meta.get("summary")) or words(tagline)
    return Page(
        path=path,
        name="/".join(parts),
        file=file,
        parted=parted,
        body=body,
        address=address,
        ident="/".join([*bare[:-1], words(meta.get("id")) or bare[-1]]),
        slug=words(meta.get("slug")) if kind == "corbel" else _slug(address),
        title=spoken[:300],
        summary=_cut(summary, 500),
        labels=_labels(meta),
        shelf=tuple(filter(None, map(slug_of, bare[:-1])))[:DEEPEST],
        order=_order(kind, parts[-1], meta),
    )


def _recall(page: Page, report: Report) -> None:
    """Which article of an export it is; what somebody has put beside them goes by its file."""
    page.name = page.file
    told = words(page.meta.get("topic"))
    if not told:
        return
    try:
        page.topic_id = UUID(told)
    except ValueError:
        report.say(page.file, 1, "front_matter", f"topic: {told}")
        return
    page.name = str(page.topic_id)
    page.source = words(page.meta.get("source"))


def _plain(heading: str) -> str:
    return " ".join(re.sub(r"[*_`]|<[^>]{1,200}>", "", heading).split())


def _bare(kind: Kind, part: str) -> tuple[float | None, str]:
    """Without the number before it that only puts it into its place."""
    found = _NUMBERED.fullmatch(part) if kind in ("docusaurus", "plain") else None
    if found is None or _DATED.match(part):
        return None, part
    return float(found["number"]), found["rest"]


def _address(kind: Kind, bare: list[str], meta: dict[str, Any]) -> str:
    *folders, last = bare
    slug = words(meta.get("slug"))
    if slug and kind != "corbel":
        alone = slug.startswith("/") or kind == "starlight"
        return slug.strip("/") if alone else "/".join([*folders, slug.strip("/")])
    if kind == "docusaurus" and (own := words(meta.get("id"))):
        last = own.rpartition("/")[2]
    elif last.lower() in _INDEXES or (folders and last.lower() == folders[-1].lower()):
        return "/".join(folders)
    return "/".join([*folders, last])


def _slug(address: str) -> str:
    return slug_of(address.replace("/", "-")) or HOME


def _humane(bare: list[str]) -> str:
    last = bare[-2] if bare[-1].lower() in _INDEXES and len(bare) > 1 else bare[-1]
    said = re.sub(r"[-_]+", " ", last).strip()
    return said[:1].upper() + said[1:]


def _labels(meta: dict[str, Any]) -> list[str]:
    named = [*listed(meta.get("labels")), *listed(meta.get("tags")), *listed(meta.get("keywords"))]
    return list(dict.fromkeys(label[:60].strip() for label in named))[:30]


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rsplit(" ", 1)[0] + "…"


def _order(kind: Kind, name: str, meta: dict[str, Any]) -> tuple[float, str]:
    sidebar = meta.get("sidebar")
    given = number(meta.get("sidebar_position"))
    if given is None and isinstance(sidebar, dict):
        given = number(sidebar.get("order"))
    if given is None:
        given = _bare(kind, name)[0]
    first = -1.0 if name.lower() in _INDEXES else float("inf")
    return (first if given is None else given, name.lower())


# folders


def _shelve(kind: Kind, root: Path, made: Plan) -> None:
    """Every folder that has pages, with what it says of itself or what its first page does."""
    titles = {page.address: page for page in made.pages}
    for page in made.pages:
        folders = page.file.split("/")[:-1]
        for depth in range(1, min(len(folders), DEEPEST) + 1):
            key = tuple(slug_of(_bare(kind, one)[1]) for one in folders[:depth])
            if "" not in key and key not in made.shelves:
                made.shelves[key] = _shelf(kind, root, folders[:depth], key, titles)


def _shelf(
    kind: Kind, root: Path, folders: list[str], key: tuple[str, ...], pages: dict[str, Page]
) -> Shelf:
    told = _category(root.joinpath(*folders))
    own, name = _bare(kind, folders[-1])
    index = pages.get("/".join(_bare(kind, one)[1] for one in folders))
    title = words(told.get("label")) or (index.title if index else "") or _humane([name])
    given = number(told.get("position"))
    order = given if given is not None else own if own is not None else float("inf")
    link = told.get("link")
    described = link.get("description") if isinstance(link, dict) else told.get("description")
    place = order, folders[-1].lower()
    return Shelf(key, title[:120], words(described)[:500], words(told.get("module"))[:50], place)


def _category(folder: Path) -> dict[str, Any]:
    for name, read in (("json", json.loads), ("yml", yaml.safe_load), ("yaml", yaml.safe_load)):
        path = folder / f"_category_.{name}"
        if path.is_file() and path.stat().st_size < 64_000:
            try:
                told = read(path.read_text("utf-8", "replace"))
            except (ValueError, yaml.YAMLError, RecursionError):
                return {}
            return told if isinstance(told, dict) else {}
    return {}


def _follow(places: Mapping[str, int], made: Plan) -> None:
    """What the sidebar names comes first, in its order; a folder where it or the first of its pages
    is named."""
    if not places:
        return
    of_shelves: dict[tuple[str, ...], list[int]] = {key: [] for key in made.shelves}
    for name, place in places.items():
        of_shelves.setdefault(tuple(map(slug_of, name.split("/"))), []).append(place)
    for page in made.pages:
        named = [places[one] for one in (page.ident, page.name, page.address) if one in places]
        if named:
            page.order = (min(named) - FOREMOST, "")
            for depth in range(1, len(page.shelf) + 1):
                of_shelves.setdefault(page.shelf[:depth], []).append(min(named))
    for key, shelf in made.shelves.items():
        if of_shelves[key]:
            shelf.order = (min(of_shelves[key]) - FOREMOST, "")


def _as_given(made: Plan) -> None:
    things: list[Page | Shelf] = [*made.pages, *made.shelves.values()]
    for thing in things:
        given = thing.order[0]
        thing.position = int(given) if abs(given) < 1e9 else 0


def _rank(made: Plan) -> None:
    """Positions from 1 within each folder; pages and folders are counted apart."""
    for rank, page in _ranked(made.pages, lambda page: page.shelf):
        page.position = rank
    for rank, shelf in _ranked(made.shelves.values(), lambda shelf: shelf.path[:-1]):
        shelf.position = rank


def _ranked(things: Iterable[Any], within: Any) -> Iterable[tuple[int, Any]]:
    seen: dict[Any, int] = {}
    for thing in sorted(things, key=lambda thing: thing.order):
        seen[within(thing)] = seen.get(within(thing), 0) + 1
        yield seen[within(thing)], thing


def _name(pages: list[Page], report: Report) -> None:
    """Each slug once: the later one gets a number. `x.mdx` beside `x.md`, and the copy of an
    article, are articles of their own."""
    taken: set[str] = set()
    names: set[str] = set()
    for page in pages:
        if page.name in names:
            page.name = page.file
            if page.topic_id is not None:
                report.say(page.file, 1, "copy", str(page.topic_id))
                page.topic_id, page.source = None, ""
        names.add(page.name)
        wish, count = page.slug or _slug(page.address), 1
        page.slug = wish
        while page.slug in taken:
            count += 1
            page.slug = f"{wish[: LONGEST - 6].rstrip('-')}-{count}"
        taken.add(page.slug)
