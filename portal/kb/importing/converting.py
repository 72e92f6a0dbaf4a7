"""A page of a tree as an article's text."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from portal.kb.importing.admonitions import as_directives
from portal.kb.importing.code import Aside
from portal.kb.importing.frontmatter import part
from portal.kb.importing.links import Turning, turned
from portal.kb.importing.mdx import Imports, Say, as_dialect, imports_of
from portal.kb.importing.pages import Page
from portal.kb.importing.tree import LONGEST_FILE, SUFFIXES, Tree
from portal.kb.markup.directives import KNOWN

_DEEPEST = 3  # parts in parts
_GAPS = re.compile(r"\n(?:[ \t]*\n){3,}")
_EXPORTED = re.compile(r"(?:\.\./){1,9}(?P<path>files/[0-9a-f]{16}/[^\s()<>\"'/]{1,400})")
_DIRECTIVE = re.compile(r"^[ \t>]*:{3,}(?P<name>[A-Za-z][\w-]{0,40})", re.MULTILINE)


def converted(page: Page, turning: Turning) -> str:
    """Markdown of the articles' dialect; what could not be done is told to `turning.say`."""
    if turning.tree.kind == "corbel":
        return _as_exported(page, turning)
    text = _Conversion(turning.tree, turning.say).text(page.body, page.path, 0)
    text = turned(text, page, turning)
    for found in _DIRECTIVE.finditer(Aside(text).text):
        if found["name"].lower() not in KNOWN:
            turning.say("unknown_directive", f":::{found['name']}")
    return _GAPS.sub("\n\n", text).strip("\n")


def _as_exported(page: Page, turning: Turning) -> str:
    def kept(found: re.Match[str]) -> str:
        path = turning.tree.project / unquote(found["path"])
        if not path.is_file():
            turning.say("missing_file", found["path"])
            return found[0]
        return turning.kept(path) or found[0]

    return _EXPORTED.sub(kept, page.body).removeprefix("\n").removesuffix("\n")


@dataclass(frozen=True, slots=True)
class _Conversion:
    tree: Tree
    say: Say

    def text(self, source: str, path: Path, depth: int) -> str:
        """`path` is where it stands, for what it imports."""
        is_program = path.suffix.lower() == ".mdx" or self.tree.kind == "docusaurus"
        imports = Imports(imports_of(source)) if is_program else Imports()
        for name, there in imports.paths.items():
            if (partial := self._partial(path, there)) is not None and depth < _DEEPEST:
                inner = part(partial.read_text("utf-8", "replace")).body
                imports.partials[name] = self.text(inner, partial, depth + 1)
        return as_dialect(as_directives(source), self.say, imports, expressions=is_program)

    def _partial(self, path: Path, there: str) -> Path | None:
        """A text that stands for a component, from inside the project alone."""
        if Path(there).suffix.lower() not in SUFFIXES:
            return None
        base = self.tree.project if there.startswith("@site/") else path.parent
        for place in (base / there.removeprefix("@site/"), *self._mirrored(path, there)):
            found = place.resolve()
            if found.is_relative_to(self.tree.project) and found.is_file():
                return found if found.stat().st_size < LONGEST_FILE else None
        return None

    def _mirrored(self, path: Path, there: str) -> list[Path]:
        if self.tree.original is None or not path.is_relative_to(self.tree.root):
            return []
        return [self.tree.original / path.parent.relative_to(self.tree.root) / there]
