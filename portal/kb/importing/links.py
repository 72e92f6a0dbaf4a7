"""Links and pictures of a page, turned to where they lead here."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from posixpath import normpath
from urllib.parse import unquote

from portal.kb.importing.code import Aside
from portal.kb.importing.pages import Page
from portal.kb.importing.tree import SUFFIXES, Tree, is_language

_ADDRESS = r"(?:<(?P<angled>[^<>\n]{0,2000})>|(?P<plain>(?:[^\s()<>]|\([^\s()]{0,200}\)){1,2000}))"
_LINK = re.compile(
    r"(?P<bang>!?)\[(?P<label>(?:[^\[\]]{1,400}|\[[^\[\]]{0,400}\]){0,20}+)\]"
    rf"\(\s{{0,9}}{_ADDRESS}(?P<title>\s{{1,9}}(?:\"[^\"\n]{{0,500}}\"|'[^'\n]{{0,500}}'))?\s{{0,9}}\)"
)
_REFERENCE = re.compile(
    r"^(?P<head>[ ]{0,3}\[(?!\^)[^\]\n]{1,200}\]:[ \t]*)(?P<address><[^<>\n]+>|\S+)", re.MULTILINE
)
_HTML = re.compile(
    r"(?P<head><(?:a|img|source)\b[^<>]{0,2000}?\b(?:href|src)=)(?P<q>[\"'])(?P<address>[^\"'\n]{1,2000})(?P=q)"
)
_OUTSIDE = re.compile(r"(?i)(?:[a-z][a-z0-9+.-]{1,20}:|//|#)")
_SERVED = re.compile(r"(?i)(?:@site/(?:static/)?|pathname://+|~?@/)")
_PAGE_LIKE = frozenset({*SUFFIXES, ".html", ".htm", ""})


class Index:
    """Pages by all that links call them."""

    def __init__(self, pages: Iterable[Page], bases: frozenset[str]) -> None:
        self._bases = bases
        self._by_name: dict[str, Page] = {}
        self._by_address: dict[str, Page] = {}
        for page in pages:
            self._by_name.setdefault(page.file.rpartition(".")[0].lower(), page)
            self._by_address.setdefault(page.address.lower().strip("/"), page)

    def find(self, path: str, page: Page, *, by_address: bool) -> Page | None:
        """`path` without anchor; `by_address`: a relative one starts at the page's address."""
        path = _without_ending(unquote(path)).lower()
        if path.startswith("/"):
            return self._absolute(path)
        folder = PurePosixPath(page.file).parent.as_posix().lower()
        ways = [(self._at, folder), (self._at, f"{page.address.lower()}")]
        ways.append((self._at, PurePosixPath(page.address.lower() or ".").parent.as_posix()))
        if by_address:
            ways[:2] = reversed(ways[:2])
        return next((hit for way, base in ways if (hit := way(f"{base}/{path}"))), None)

    def _absolute(self, path: str) -> Page | None:
        """Whatever stands before it at its site: where that begins, a language."""
        parts = [part for part in path.split("/") if part]
        while not (hit := self._at("/".join(parts))):
            if not parts or not (parts[0] in self._bases or is_language(parts[0])):
                return None
            parts = parts[1:]
        return hit

    def _at(self, path: str) -> Page | None:
        path = normpath(path).strip("/")
        path = "" if path == "." else path
        if path.startswith(".."):
            return None
        return (
            self._by_name.get(path)
            or self._by_address.get(path)
            or self._by_name.get(f"{path}/index".strip("/"))
            or self._by_address.get(path.removesuffix("/index").removesuffix("index"))
        )


def _without_ending(path: str) -> str:
    for ending in (".mdx", ".markdown", ".md", ".html", ".htm"):
        if path.lower().endswith(ending):
            return path[: -len(ending)]
    return path


@dataclass(frozen=True, slots=True)
class Turning:
    """How addresses of one page are turned. `slugs` says what a page is called here, or nothing
    where it is not; `kept` keeps a file and gives its address here, or nothing."""

    tree: Tree
    index: Index
    original: Index | None
    slugs: Callable[[Page], str]
    kept: Callable[[Path], str]
    say: Callable[[str, str], None]


def turned(source: str, page: Page, turning: Turning) -> str:
    aside = Aside(source)
    turn = _Turn(page, turning)
    text = _LINK.sub(turn.link, aside.text)
    text = _REFERENCE.sub(turn.reference, text)
    return aside.back(_HTML.sub(turn.html, text))


class _Turn:
    def __init__(self, page: Page, turning: Turning) -> None:
        self._page = page
        self._by = turning

    def link(self, found: re.Match[str]) -> str:
        label = _LINK.sub(self.link, found["label"])
        written = found["angled"] if found["angled"] is not None else found["plain"]
        led = self.address(written, is_picture=bool(found["bang"]))
        return f"{found['bang']}[{label}]({led}{found['title'] or ''})"

    def reference(self, found: re.Match[str]) -> str:
        return found["head"] + self.address(found["address"].strip("<>"))

    def html(self, found: re.Match[str]) -> str:
        led = self.address(found["address"], is_picture="<img" in found["head"])
        return f'{found["head"]}"{led}"'

    def address(self, written: str, *, is_picture: bool = False) -> str:
        written = written.strip()
        if written.startswith("pathname:"):
            written = written[len("pathname:") :].replace("//", "", 1)
        if not written or _OUTSIDE.match(written):
            if is_picture and written.startswith(("http", "//")):
                self._by.say("outside_picture", written)
            return _aim(written)
        path, _hash, anchor = written.partition("#")
        path = path.partition("?")[0]
        if not is_picture and PurePosixPath(path).suffix.lower() in _PAGE_LIKE:
            return self._to_page(path, anchor, written)
        if file := self._file(path):
            return self._by.kept(file) or _aim(written)
        if not is_picture and "." in PurePosixPath(path).name:  # "/v2.1/setup" is a page
            return self._to_page(path, anchor, written)
        self._by.say("missing_file", written)
        return _aim(written)

    def _to_page(self, path: str, anchor: str, written: str) -> str:
        tail = f"#{anchor}" if anchor else ""
        by_address = self._by.tree.kind == "starlight" and not path.endswith((".md", ".mdx"))
        path = _SERVED.sub("/", path, count=1) if path.startswith("@") else path
        for index in (self._by.index, self._by.original):
            hit = index.find(path, self._page, by_address=by_address) if index else None
            if hit is not None and (slug := self._by.slugs(hit)):
                return f"/kb/{slug}{tail}"
        self._by.say("broken_link", written)
        return _aim(written)

    def _file(self, path: str) -> Path | None:
        """Beside the page, beside the page that it translates, or served from the site's root."""
        tree, here = self._by.tree, self._page.path.parent
        path = unquote(path)
        if path.startswith("@site/"):
            places = [tree.project / path.removeprefix("@site/")]
        elif path.startswith(("/", "~", "@")):
            bare = re.sub(r"^[~@]*/*", "", path)
            rest = bare.partition("/")[2]
            places = [base / one for one in (bare, rest) if one for base in tree.statics]
            places += [tree.project / "src" / bare, tree.project / bare]
        else:
            places = [here / path, *(base / path for base in tree.statics)]
            if tree.original is not None:
                places.append(tree.original / here.relative_to(tree.root) / path)
        return next((found for place in places if (found := self._inside(place))), None)

    def _inside(self, place: Path) -> Path | None:
        """Nothing from outside of the project, whatever links say."""
        try:
            found = place.resolve()
            return (
                found if found.is_file() and found.is_relative_to(self._by.tree.project) else None
            )
        except (OSError, ValueError):
            return None


def _aim(address: str) -> str:
    return f"<{address}>" if re.search(r"[\s()]", address) else address


def slugs_of(known: Mapping[str, str]) -> Callable[[Page], str]:
    """By the pages' names."""
    return lambda page: known.get(page.name, "")
