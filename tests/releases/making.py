"""Notes as people have them."""

from portal.releases.service import drafting, publishing
from portal.releases.service.drafting import Words, Written
from tests.fixtures.world import NOW


def note(session, by, title="Photos in daily logs", *, at=NOW, ideas=(), **said):
    """A draft in English; `es` is its Spanish title."""
    spanish = said.pop("es", "")
    words = {"en": Words(title, said.pop("summary", "Several at once."), said.pop("body", "Yes."))}
    if spanish:
        words["es"] = Words(spanish, "Varias a la vez.", "Sí.")
    facts = {"version": "4.2", "modules": ("scheduling",), **said}
    return drafting.begin(session, Written(words, ideas=ideas, **facts), by=by, at=at)


def published(session, by, title="Photos in daily logs", *, at=NOW, **said):
    made = note(session, by, title, at=at, **said)
    publishing.publish(session, made, by=by, at=at)
    return made
