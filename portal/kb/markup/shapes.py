"""What the renderer asks, and what it gives."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypedDict
from uuid import UUID

Kind = Literal["article", "category", "file", "video"]


@dataclass(frozen=True, slots=True)
class Asked:
    """Something of ours that a text points at. `key` is an article's slug, a category's key, a
    file's id (as UUID prints it) or a video's slug; `language` is "" where the address has none."""

    kind: Kind
    key: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """What was asked for: `path` within the site, and for articles the topic. A file with a width
    and a height is a picture; any other is offered for download."""

    path: str
    topic_id: UUID | None = None
    title: str = ""
    width: int | None = None
    height: int | None = None


Links = Callable[[Collection[Asked]], Mapping[Asked, Target]]
"""Finds all that a text points at, at once; what there is not is left out."""


class Heading(TypedDict):
    level: int  # 2 to 4
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """To an article. `target` is as it was written, `topic_id` None where there is no such one."""

    target: str
    topic_id: UUID | None
    anchor: str


@dataclass(frozen=True, slots=True)
class Problem:
    """`line` counts from 1. `kind`: broken_link, broken_anchor, refused_link, missing_file,
    missing_video, outside_picture, unknown_directive, as_typed. `what` is as it was written."""

    line: int
    kind: str
    what: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """`html` is safe, its own addresses begin with `corbel:` (`showing.at_root`); `text` is plain
    words for the search, `lead` those of the first paragraph."""

    html: str
    text: str
    lead: str = ""
    outline: list[Heading] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    files: list[UUID] = field(default_factory=list)
    videos: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def headings(self) -> list[str]:
        return [heading["text"] for heading in self.outline]
