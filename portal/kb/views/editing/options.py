"""What can be chosen on the editors' pages."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from portal.foundation.speech import gettext as _
from portal.foundation.web.database import db
from portal.foundation.web.formatting import language
from portal.kb.forms.editing import PlaceForm, with_choices
from portal.kb.models import Category, Topic
from portal.kb.queries import editing as queries
from portal.kb.queries import review as people
from portal.policy.modules import modules as known_modules
from portal.policy.modules import modules_with
from portal.policy.running import running_pack

Choices = list[tuple[Any, str]]


def modules(*further: str) -> Choices:
    """Those of the support model; `further` ones stand as they are, where they are none of them."""
    return [("", str(_("None"))), *modules_with(running_pack(), language(), *further).items()]


def module_names() -> dict[str, str]:
    return known_modules(running_pack(), language())


def shelves() -> Choices:
    """In the order of the tree, what stands below moved in."""
    known = queries.categories(db())
    return [("", str(_("None"))), *_tree(known, None, 0)]


def _tree(known: Sequence[Category], parent: UUID | None, depth: int) -> Iterator[tuple[Any, str]]:
    for category in known:
        if category.parent_id == parent:
            yield category.id, "\u2003" * depth + title_of(category)
            yield from _tree(known, category.id, depth + 1)


def tree() -> list[tuple[Category, str, int, int]]:
    """Each with its title, how deep it stands, and how many articles stand in it."""
    known = queries.categories(db())
    counts = queries.topics_by_category(db())
    by_key = {category.id: category for category in known}
    return [
        (by_key[key], title_of(by_key[key]), by_key[key].key.count("/"), counts.get(key, 0))
        for key, _name in _tree(known, None, 0)
    ]


def shelf_names() -> dict[UUID, str]:
    return {category.id: title_of(category) for category in queries.categories(db())}


def title_of(category: Category) -> str:
    """In the reader's language, else in any, else its key."""
    titles: dict[str, str] = category.titles
    return titles.get(language()) or next(iter(titles.values()), category.key)


def owners(*further: tuple[UUID | None, str]) -> Choices:
    """Who writes; `further` is who looked after it and does no more."""
    known: Choices = [(user.id, user.name) for user in people.writers(db())]
    keys = {key for key, _name in known}
    known += [(key, name) for key, name in further if key is not None and key not in keys]
    return [("", str(_("Nobody"))), *known]


def with_places(form: PlaceForm, topic: Topic) -> PlaceForm:
    found: PlaceForm = with_choices(
        form,
        {
            "category": shelves(),
            "module": modules(topic.module_tag),
            "owner": owners((topic.owner_id, str(_("Former member")))),
            "video": videos(),
        },
    )
    return found


def videos() -> Choices:
    return [("", str(_("None"))), *queries.video_choices(db(), language())]
