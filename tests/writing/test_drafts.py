"""Unsent words of one person, from as many windows as they have open."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from portal.foundation.tenancy import see
from portal.writing.models import Draft
from portal.writing.service import drafts
from tests.fixtures.world import NOW


def test_windows_that_save_at_once_share_one_draft(app, runtime, session, world):
    def save(text: str) -> None:
        with app.app_context(), runtime.writers.begin() as own:
            see(own, world.acme.id)
            drafts.save(own, drafts.NEW, {"body": text}, by=world.pm, at=NOW)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(save, [f"Text {number}" for number in range(40)]))
    draft = session.scalars(select(Draft)).one()
    assert draft.fields["body"].startswith("Text ")


def test_nothing_typed_forgets_the_draft(session, world):
    drafts.save(session, drafts.NEW, {"body": "Text"}, by=world.pm, at=NOW)
    drafts.save(session, drafts.NEW, {"body": " "}, by=world.pm, at=NOW)
    assert drafts.find(session, drafts.NEW, by=world.pm) is None
