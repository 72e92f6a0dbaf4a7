"""The columns are made once for all readers, and anew for everything that changes in them."""

import pytest

from portal.ideas.service import merging, submitting, voting
from portal.ideas.service.submitting import Words as Wish
from portal.releases.models import State
from portal.roadmap.models import Stage
from portal.roadmap.service import placing, writing
from portal.roadmap.service.placing import Place, Where
from portal.roadmap.views import keeping
from tests.fixtures.world import NOW
from tests.ideas.making import crowd, idea
from tests.roadmap.making import internal, plan, public, release, shipped

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def read(app, session):
    def text(path="/roadmap", **options):
        session.commit()
        return app.test_client().get(path, **options).text

    return text


@pytest.fixture
def made(monkeypatch):
    """How often the columns were made."""
    calls, usual = [], keeping._made
    monkeypatch.setattr(keeping, "_made", lambda module: calls.append(module) or usual(module))
    return calls


def test_all_readers_of_a_language_get_the_same(session, world, read, sign_in, made):
    public(session, world.admin)
    read()
    first = len(made)
    read()
    sign_in(world.owner).get("/roadmap")
    internal(session, world.admin, "Not yet")
    read()
    assert len(made) == first
    assert "En español" not in read(headers={"Accept-Language": "es"})
    assert len(made) == first + 1


def test_each_change_of_what_stands_there_is_seen_at_once(session, world, read):
    wish = idea(session, world.owner)
    item = public(session, world.admin, "Photos", ideas=[wish])
    assert "1 vote" in read()
    voting.vote(session, wish, by=world.stranger, at=NOW)
    assert "2 votes" in read()
    changed = plan("Pictures", ideas=[wish])
    writing.edit(session, item, changed, item.edition, by=world.admin, at=NOW)
    assert "Pictures" in read()
    twin = idea(session, crowd(session, 1)[0], "The same")
    merging.merge(session, twin, wish, by=world.manager, at=NOW)
    assert "3 votes" in read()
    hidden = Wish(wish.title, wish.description, is_internal=True)
    submitting.edit(session, wish, hidden, wish.version, by=world.manager, at=NOW)
    assert "votes" not in read()


def test_an_other_order_is_seen_at_once(session, world, read):
    public(session, world.admin, "Alpha")
    second = public(session, world.admin, "Omega")
    text = read()
    assert text.index("Alpha") < text.index("Omega")
    first_of_all = Place(Stage(second.stage), second.quarter, Where.FIRST)
    placing.move(session, second, first_of_all, second.edition, by=world.admin, at=NOW)
    text = read()
    assert text.index("Omega") < text.index("Alpha")


def test_the_version_is_there_with_its_note(session, world, read):
    note = release(session, state=State.DRAFT)
    shipped(session, world.admin, release_id=note.id)
    assert "in 2.4" not in read()
    note.state = State.PUBLISHED
    assert "in 2.4" in read()
    note.version = "2.5"
    assert "in 2.5" in read()
