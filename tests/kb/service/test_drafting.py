"""Drafts stand beside what readers see; whoever saves second is told."""

from dataclasses import replace

import pytest

from portal.core.permissions import Forbidden
from portal.foundation.tenancy import PLATFORM, see
from portal.kb.queries import editing as queries
from portal.kb.service.drafting import (
    BODY_LONGEST,
    AlreadyTranslated,
    BadText,
    Conflict,
    Placing,
    SlugTaken,
    Text,
    begin,
    revise,
    save,
    seen_of,
    text_of,
    translate,
    write,
)
from tests.fixtures.world import NOW
from tests.kb.making import drafted, published


def test_a_draft_is_nothing_that_readers_see(session, world):
    draft = drafted(session, world.agent, "¿Qué es un plan?", "Words")
    assert draft.slug == "que-es-un-plan"
    assert not draft.article.is_published
    assert draft.article.number == 0
    assert draft.article.body == ""
    assert draft.updated_by_name == world.agent.name


def test_only_who_may_write_writes(session, world):
    with pytest.raises(Forbidden):
        drafted(session, world.owner)


def test_a_title_that_is_there_gets_an_address_of_its_own(session, world):
    published(session, world.manager, "Plan")
    assert drafted(session, world.agent, "Plan").slug == "plan-2"
    assert drafted(session, world.agent, "").slug == "article"


def test_an_address_that_was_asked_for_is_refused_when_it_is_taken(session, world):
    published(session, world.manager, "Plan")
    with pytest.raises(SlugTaken) as told:
        begin(session, Placing(), "en", Text("plan", "Other"), by=world.agent, at=NOW)
    assert told.value.free == "plan-2"
    begin(session, Placing(), "es", Text("plan", "Otro"), by=world.agent, at=NOW)


def test_saving_what_stands_there_changes_nothing(session, world):
    draft = drafted(session, world.agent)
    before = draft.lock
    assert save(session, draft, text_of(draft), before, by=world.second, at=NOW).lock == before
    assert draft.updated_by_name == world.agent.name


def test_the_second_is_told_and_the_first_stays(session, world):
    draft = drafted(session, world.agent)
    seen = draft.lock
    save(session, draft, Text("", "One", body="One"), seen, by=world.agent, at=NOW)
    with pytest.raises(Conflict) as told:
        save(session, draft, Text("", "Two", body="Two"), seen, by=world.second, at=NOW)
    assert told.value.draft is draft
    assert draft.title == "One"


def test_what_arrived_already_is_no_conflict(session, world):
    """As when a page is left while it saves, and its words are brought back on the next."""
    draft = drafted(session, world.agent)
    article, seen = draft.article, seen_of(draft.article, draft)
    text = replace(text_of(draft), body="Typed and gone")
    write(session, article, text, seen, by=world.agent, at=NOW)
    lock = draft.lock
    assert write(session, article, text, seen, by=world.agent, at=NOW) is draft
    assert draft.lock == lock
    with pytest.raises(Conflict):
        write(session, article, replace(text, body="Others"), seen, by=world.agent, at=NOW)


def test_at_the_very_same_time_one_of_them_is_second(session, runtime, world):
    article_id = drafted(session, world.agent).article_id
    session.commit()
    with runtime.writers() as late:
        see(late, PLATFORM)
        mine = queries.draft_of(late, article_id)
        late.commit()
        with runtime.writers.begin() as other:
            see(other, PLATFORM)
            theirs = queries.draft_of(other, article_id)
            save(other, theirs, Text("", "Theirs"), theirs.lock, by=world.second, at=NOW)
        with pytest.raises(Conflict):
            save(late, mine, Text("", "Mine"), mine.lock, by=world.agent, at=NOW)


def test_words_are_tidied_and_what_is_too_long_is_refused(session, world):
    draft = drafted(session, world.agent)
    text = Text("", " A \x00 title\n", "  s  ", "a\r\nb", ("x", " x ", "", "y z"))
    save(session, draft, text, draft.lock, by=world.agent, at=NOW)
    assert text_of(draft) == Text("a-title", "A title", "s", "a\nb", ("x", "y z"))
    long = Text("", "t" * 301, "s" * 501, "b" * (BODY_LONGEST + 1), ["l"] * 2 + ["k" * 99])
    with pytest.raises(BadText) as told:
        save(session, draft, long, draft.lock, by=world.agent, at=NOW)
    assert set(told.value.problems) == {"title", "summary", "body", "labels"}


def test_a_translation_says_what_it_is_a_translation_of(session, world):
    original = published(session, world.manager)
    draft = translate(session, original.topic, "es", Text("", "Plan"), by=world.agent, at=NOW)
    assert draft.translated_from == 1
    assert draft.article.topic_id == original.topic_id
    with pytest.raises(AlreadyTranslated) as told:
        translate(session, original.topic, "es", Text("", "Plan"), by=world.agent, at=NOW)
    assert told.value.article.id == draft.article_id


def test_a_published_article_is_drafted_anew_from_what_readers_see(session, world):
    article = published(session, world.manager, body="One")
    draft = revise(session, article, by=world.agent, at=NOW)
    assert (draft.body, draft.base_number) == ("One", 1)
    assert revise(session, article, by=world.second, at=NOW) is draft
