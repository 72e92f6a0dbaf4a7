"""New ideas, their words, those like them, and what nobody outside may know of."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import AuditEntry
from portal.community.service.restrictions import Restricted, Wish, restrict
from portal.core.audience import reader_of
from portal.core.permissions import Forbidden
from portal.ideas.models import FeatureRequest, Status
from portal.ideas.queries import listing, reach
from portal.ideas.queries.listing import Wanted
from portal.ideas.service import commenting, finding, statuses, submitting, voting
from portal.ideas.service.refusals import Conflict, TooLate
from portal.ideas.service.statuses import Decision
from portal.ideas.service.submitting import INTERNAL_FROM, TO_CHANGE, Words
from portal.search.documents import Question
from portal.search.service import find
from tests.fixtures.world import NOW
from tests.ideas.making import crowd, idea

NEW_WORDS = Words("Photos on logs", "With dates", "For disputes", "scheduling")


def test_secrets_are_masked_and_markdown_is_kept_rendered(session, world):
    found = idea(session, world.owner, description="**Bold** password: Tr0ub4dor&3horse")
    assert "Tr0ub4dor" not in found.description + found.description_html
    assert "<strong>Bold</strong>" in found.description_html


def test_scripts_do_not_come_through(session, world):
    found = idea(session, world.owner, description="<script>alert(1)</script>")
    assert "<script" not in found.description_html


def test_clients_do_not_submit(session, world):
    with pytest.raises(Forbidden):
        idea(session, world.client)


def test_numbers_are_given_one_by_one(session, world):
    first, second = idea(session, world.owner), idea(session, world.owner, "Another")
    assert second.number == first.number + 1


@pytest.mark.parametrize(("who", "when", "may"), [
    ("owner", timedelta(hours=1), True),
    ("owner", TO_CHANGE + timedelta(minutes=1), False),
    ("pm", timedelta(hours=1), False),
    ("stranger", timedelta(hours=1), False),
    ("agent", timedelta(hours=1), False),
    ("manager", timedelta(days=90), True),
    ("client", timedelta(hours=1), False),
])  # fmt: skip
def test_authors_change_their_words_for_a_day(session, world, who, when, may):
    found = idea(session, world.owner)
    assert submitting.may_edit(found, getattr(world, who), NOW + when) is may


def test_the_second_of_two_who_edit_is_told(session, world):
    found = idea(session, world.owner)
    submitting.edit(session, found, NEW_WORDS, 1, by=world.owner, at=NOW)
    with pytest.raises(Conflict):
        submitting.edit(session, found, NEW_WORDS, 1, by=world.manager, at=NOW)
    submitting.edit(session, found, NEW_WORDS, 2, by=world.manager, at=NOW)
    assert session.scalars(select(AuditEntry.act)).all() == ["idea.edited"]


def test_what_is_begun_is_no_longer_its_authors_to_change(session, world):
    found = idea(session, world.owner)
    statuses.decide(session, found, Decision(Status.PLANNED), by=world.manager, at=NOW)
    with pytest.raises(TooLate):
        submitting.edit(session, found, NEW_WORDS, 1, by=world.owner, at=NOW)


def alike(session, actor, words, language="en"):
    session.commit()
    reader = reader_of(actor, at_portal=False)
    return [one.title for one in finding.similar(session, actor, reader, words, language=language)]


def test_those_like_it_are_found_by_their_words(session, world):
    idea(session, world.owner, "Photos on daily logs")
    idea(session, world.owner, "Export invoices to Excel")
    assert alike(session, world.stranger, "daily log photos")[0] == "Photos on daily logs"
    assert alike(session, world.stranger, "x") == []
    assert alike(session, world.stranger, 'photos -daily "logs"')[0] == "Photos on daily logs"


def test_other_languages_are_found_too(session, world):
    idea(session, world.owner, "Fotos en el parte diario", language="es")
    assert alike(session, world.stranger, "fotos parte diario", "es") == [
        "Fotos en el parte diario"
    ]


def test_what_is_internal_is_nowhere_for_others(session, world):
    inside = idea(session, world.manager, "Hidden Larkspur plan", is_internal=True)
    public = idea(session, world.owner, "Open plan")
    session.commit()
    question = Question("Larkspur plan", "en")
    for who in (world.owner, world.client, None):
        assert reach.by_number(session, who, inside.number) is None
        assert reach.by_id(session, who, inside.id) is None
        assert reach.by_ids(session, who, [inside.id, public.id]) == [public]
        for order in listing.ORDERS:
            shown = listing.listed(session, who, Wanted(order=order)).items
            assert [one.id for one in shown] == [public.id]
        hits = find(session, question, reader_of(who, at_portal=False)).hits
        assert inside.id not in {hit.id for hit in hits}
    assert reach.by_number(session, world.agent, inside.number).id == inside.id
    hits = find(session, question, reader_of(world.agent, at_portal=False)).hits
    assert inside.id in {hit.id for hit in hits}


def test_only_who_runs_ideas_keeps_one_internal(session, world):
    assert not idea(session, world.owner, is_internal=True).is_internal
    assert not idea(session, world.agent, is_internal=True).is_internal


def test_what_becomes_internal_leaves_the_search(session, world):
    found = idea(session, world.owner, "Photos on daily logs")
    hide = Words(found.title, found.description, is_internal=True)
    submitting.edit(session, found, hide, 1, by=world.manager, at=NOW)
    assert alike(session, world.stranger, "photos daily logs") == []


def pages(session, wanted, rows=2):
    seen, cursor = [], None
    while True:
        page = listing.listed(session, None, wanted, cursor, rows)
        seen += [one.title for one in page.items]
        if page.next_cursor is None:
            return seen
        cursor = page.next_cursor


def test_numbers_have_no_gap_where_an_idea_is_internal(session, world):
    first = idea(session, world.owner)
    inside = idea(session, world.manager, "Larkspur", is_internal=True)
    assert idea(session, world.owner, "Another").number == first.number + 1
    assert inside.number > INTERNAL_FROM
    words = Words(inside.title, inside.description)
    submitting.edit(session, inside, words, 1, by=world.manager, at=NOW)
    assert inside.number == first.number + 2  # that it has as everybody's


def test_keys_tell_no_time(session, world):
    assert idea(session, world.owner).id.version == 4


def test_lists_are_in_their_order_page_by_page(session, world):
    days = timedelta(days=1)
    begun = NOW - 90 * days
    old = [
        idea(session, world.agent, f"Old {n}", at=begun + timedelta(seconds=n)) for n in range(3)
    ]
    new = idea(session, world.agent, "New", at=NOW)
    for number, who in enumerate(crowd(session, 5)):
        for one in old[: 1 + number // 2]:
            voting.vote(session, one, by=who, at=NOW - 80 * days)
    session.commit()
    assert pages(session, Wanted("wanted")) == ["Old 0", "Old 1", "Old 2", "New"]
    assert pages(session, Wanted("trending"))[0] == "New"
    assert pages(session, Wanted("new")) == ["New", "Old 2", "Old 1", "Old 0"]
    back = listing.listed(session, None, Wanted("wanted"), None, 2).next_cursor
    second = listing.listed(session, None, Wanted("wanted"), back, 2)
    first = listing.listed(session, None, Wanted("wanted"), second.previous_cursor, 2)
    assert [one.title for one in first.items] == ["Old 0", "Old 1"]
    assert new.number


def test_lists_are_narrowed(session, world):
    ours, theirs = idea(session, world.owner, "Ours"), idea(session, world.stranger, "Theirs")
    idea(session, world.stranger, "Elsewhere", category="billing")
    statuses.decide(session, theirs, Decision(Status.SHIPPED), by=world.manager, at=NOW)
    session.commit()

    def titles(**narrowed):
        return {one.title for one in listing.listed(session, None, Wanted(**narrowed)).items}

    assert titles() == {"Ours", "Elsewhere"}
    assert titles(statuses=()) == {"Ours", "Theirs", "Elsewhere"}
    assert titles(statuses=("shipped",)) == {"Theirs"}
    assert titles(category="billing") == {"Elsewhere"}
    assert titles(voted_by=ours.builder_id) == {"Ours"}


def test_comments_are_counted_and_taken_away_by_their_author_or_a_moderator(session, world):
    found = idea(session, world.owner)
    said = commenting.comment(session, found, "Yes, *please*", by=world.stranger, at=NOW)
    other = commenting.comment(session, found, "Me too", by=world.pm, at=NOW)
    assert found.comment_count == 2
    assert "<em>please</em>" in said.body_html
    assert [commenting.may_remove(said, who) for who in (
        world.stranger, world.owner, world.client, world.agent, None
    )] == [True, False, False, True, False]  # fmt: skip
    commenting.remove(session, found, said, by=world.agent, at=NOW)
    commenting.remove(session, found, other, by=world.pm, at=NOW)
    assert found.comment_count == 0
    assert session.scalars(select(AuditEntry.act)).all() == ["idea.comment_removed"]
    assert session.get_one(FeatureRequest, found.id).comment_count == 0


def test_who_may_not_write_in_the_community_does_not_write_here(session, world):
    found = idea(session, world.stranger)
    wish = Wish("Advertising", NOW + timedelta(days=3), user_id=world.owner.user_id)
    restrict(session, wish, by=world.manager, at=NOW)
    acts = (
        lambda: idea(session, world.owner),
        lambda: voting.vote(session, found, by=world.owner, at=NOW),
        lambda: commenting.comment(session, found, "Buy this", by=world.owner, at=NOW),
    )
    for act in acts:
        with pytest.raises(Restricted):
            act()
    assert voting.vote(session, found, by=world.pm, at=NOW).fresh


def test_a_company_sees_first_what_it_voted_for_last(session, world):
    ours = idea(session, world.owner, "Ours", at=NOW - timedelta(days=1))
    theirs = idea(session, world.stranger, "Theirs", at=NOW - timedelta(days=2))
    voting.vote(session, theirs, by=world.owner, at=NOW)
    session.commit()
    wanted = Wanted("new", voted_by=ours.builder_id)
    first = listing.listed(session, world.owner, wanted, None, 1)
    second = listing.listed(session, world.owner, wanted, first.next_cursor, 1)
    back = listing.listed(session, world.owner, wanted, second.previous_cursor, 1)
    assert [one.title for one in first.items] == ["Theirs"] == [one.title for one in back.items]
    assert [one.title for one in second.items] == ["Ours"]
    by_votes = listing.listed(session, world.owner, Wanted("wanted", voted_by=ours.builder_id))
    assert [one.title for one in by_votes.items] == ["Theirs", "Ours"]
