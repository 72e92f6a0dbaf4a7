"""What an import did, and what it could not do."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Trouble:
    """`file` is the path within the tree, `line` counts from 1 (0: the file as a whole)."""

    file: str
    line: int
    what: str
    detail: str = ""


@dataclass(slots=True)
class Report:
    """Articles by what became of them; `moved` only changed their place."""

    files: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    moved: int = 0
    skipped: int = 0
    removed: list[str] = field(default_factory=list)
    unpublished: int = 0
    pictures: int = 0
    troubles: dict[str, set[Trouble]] = field(default_factory=dict)

    def say(self, file: str, line: int, what: str, detail: str = "") -> None:
        trouble = Trouble(file, line, what, " ".join(detail.split())[:200])
        self.troubles.setdefault(file, set()).add(trouble)

    def problems_of(self, file: str) -> set[Trouble]:
        return self.troubles.get(file, set())

    @property
    def problems(self) -> list[Trouble]:
        return sorted(one for some in self.troubles.values() for one in some)

    @property
    def did_nothing(self) -> bool:
        return not (self.created or self.updated or self.unchanged or self.moved)

    def as_json(self) -> dict[str, Any]:
        return {
            "files": self.files,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "moved": self.moved,
            "skipped": self.skipped,
            "removed": sorted(self.removed),
            "unpublished": self.unpublished,
            "pictures": self.pictures,
            "problems": [
                {"file": one.file, "line": one.line, "what": one.what, "detail": one.detail}
                for one in self.problems
            ],
        }

    def lines(self) -> list[str]:
        """For a person: counts, and how often each kind of problem came."""
        counts = Counter(problem.what for problem in self.problems)
        return [
            f"{self.files} files: {self.created} created, {self.updated} updated,"
            f" {self.moved} moved, {self.unchanged} unchanged, {self.skipped} skipped;"
            f" {self.pictures} pictures and files",
            *([f"{len(self.removed)} no longer in the tree: "
               + (f"{self.unpublished} unpublished" if self.unpublished else "still published")]
              if self.removed else []),
            *(f"{number} × {WORDS.get(what, what)}" for what, number in counts.most_common()),
        ]  # fmt: skip


WORDS = {
    "broken_link": "link to nothing",
    "broken_anchor": "link to a heading that is not there",
    "refused_link": "address that leads nowhere here",
    "missing_file": "picture or file that is not there",
    "missing_video": "video that is not in the library",
    "outside_picture": "picture of another site, now a link",
    "drawing": "SVG drawing, now a download",
    "unknown_component": "component that is unknown; its words stay",
    "unknown_directive": "directive that is unknown; its words stay",
    "unclosed_component": "component that nobody closed",
    "expression": "expression that only a program knows",
    "front_matter": "broken front matter",
    "draft": "draft, left out",
    "unlisted": "page that was in no list there; here it is found like any other",
    "as_typed": "text too long or too knotty, shown as typed",
    "too_long": "text that is too long, left out",
    "empty": "file without words, left out",
    "not_text": "file that is no text, left out",
    "slug_taken": "address that was taken; another was given",
    "being_edited": "article somebody is working on, left as it is",
    "edited_here": "article that was edited here since; the file's words are its newest version",
    "refused_file": "picture or file that can't be taken",
    "copy": "copy of another file of the same article, made one of its own",
    "too_deep": "folder too deep; its articles stand one higher",
    "failed": "file that could not be taken",
}
