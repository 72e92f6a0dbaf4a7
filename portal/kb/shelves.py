"""The categories of the help centre as a tree with what can be read in each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

Texts = Mapping[str, Any]
LOOSE: Final = "-"  # a key that no category has: articles that nobody put on a shelf


@dataclass(slots=True)
class Shelf:
    """`number` counts what stands here and below, in the language asked for; `anywhere` in all."""

    id: UUID | None
    key: str
    title: str
    description: str
    module: str
    number: int = 0
    anywhere: int = 0
    above: "Shelf | None" = None
    below: list["Shelf"] = field(default_factory=list)

    @property
    def path(self) -> list["Shelf"]:
        """From the widest down to this one."""
        found, here = [self], self.above
        while here is not None and here not in found:  # whatever the database says, it ends
            found.append(here)
            here = here.above
        return found[::-1]


def worded(texts: Texts, language: str, otherwise: str = "") -> str:
    """In the language, else in any."""
    return str(texts.get(language) or next((text for text in texts.values() if text), otherwise))


def arranged(
    categories: Sequence[Any],
    counts: Mapping[tuple[str, UUID | None], int],
    language: str,
    loose: str,
) -> dict[str, Shelf]:
    """All shelves by key, in their order; empty ones as well. What stands nowhere is found last,
    under the title `loose`."""
    by_id: dict[UUID | None, Shelf] = {
        row.id: Shelf(
            row.id,
            row.key,
            worded(row.titles, language, row.key.rpartition("/")[2]),
            worded(row.descriptions, language),
            row.module,
        )
        for row in categories
    }
    for row in categories:
        shelf, above = by_id[row.id], by_id.get(row.parent_id)
        if above is not None:
            shelf.above = above
            above.below.append(shelf)
    by_id[None] = Shelf(None, LOOSE, loose, "", "")
    for (spoken, category_id), number in counts.items():
        if category_id in by_id:
            for shelf in by_id[category_id].path:
                shelf.anywhere += number
                shelf.number += number if spoken == language else 0
    return {shelf.key: shelf for shelf in by_id.values()}


def topmost(shelves: Mapping[str, Shelf]) -> Iterator[Shelf]:
    """Those with something to read, in any language."""
    return (shelf for shelf in shelves.values() if shelf.above is None and shelf.anywhere)
