"""What can be found: the shape in which every feature gives it, and what is found of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from markupsafe import Markup

from portal.core.audience import Gate


@dataclass(frozen=True, slots=True)
class Document:
    """Something in one language. `kind` is "article", "video" and whatever features bring;
    `path` is where it is within a site ("/kb/en/slug"), `group_id` the same thing in other
    languages, `weight` how much it was read and helped. Texts are plain words, no markup."""

    kind: str
    object_id: UUID
    language: str
    title: str
    path: str
    gates: frozenset[Gate]
    slug: str = ""
    group_id: UUID | None = None
    roles: Sequence[str] = ()
    module: str = ""
    category: str = ""
    version: str = ""
    labels: Sequence[str] = ()
    headings: Sequence[str] = ()
    summary: str = ""
    body: str = ""
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody looks for. `language` is searched first, others only fill up; `module`, `role`
    and `version` move what fits them up, `kinds`, `category` and `only_module` leave the rest out.
    `typing`: the last word may not be whole yet; `as_written`: no word is taken for another."""

    words: str
    language: str
    kinds: Sequence[str] = ()
    only_module: str = ""
    category: str = ""
    module: str = ""
    role: str = ""
    version: str = ""
    typing: bool = False
    as_written: bool = False
    limit: int = 10
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """`snippet` is HTML whose only tag is <mark>; `score` falls from hit to hit."""

    kind: str
    id: UUID
    language: str
    slug: str
    title: str
    path: str
    snippet: Markup
    score: float
    module: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """`corrected` is what was searched instead, where the words themselves are found nowhere;
    `facets` counts all that was found: {"kind": {"article": 12}, "module": …}."""

    hits: Sequence[Hit]
    total: int = 0
    corrected: str = ""
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
