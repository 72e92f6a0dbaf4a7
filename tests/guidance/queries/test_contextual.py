"""What belongs to a screen, for whom, and in which order."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from portal.core.audience import Audience, Reader
from portal.core.permissions import Role
from portal.foundation.tenancy import PLATFORM, see
from portal.guidance.queries import Context, explained, help_for
from portal.guidance.queries.contextual import FRESH, MOST_ARTICLES
from portal.guidance.service import dismissals, marks, screens
from portal.guidance.service.screens import ScreenWords
from portal.kb.models import Article, Video
from tests.fixtures.world import NOW, World
from tests.guidance.making import EDITOR, article, screen, term, tour, video

URL = "https://app.plan.example/projects/42/schedule?tab=2"
OWNER, STRANGER = Reader(Role.OWNER), Reader()


def helped(session: Session, where: str = URL, reader: Reader = OWNER, **also: Any) -> Context:
    also = {"language": "en", "at": NOW} | also
    return help_for(session, reader, where, **also)


def slugs(found: Context) -> list[str]:
    return [one.slug for one in found.articles]


def test_a_screen_has_a_name_and_its_modules_articles(session: Session) -> None:
    screen(session)
    article(session, "gantt")
    article(session, "invoices", module="invoicing")
    found = helped(session, language="es")
    assert (found.page_key, found.module, found.title) == (
        *("scheduling.board", "scheduling", "Planificación"),
    )
    assert (found.path, slugs(found)) == ("/projects/{id}/schedule", ["gantt"])
    assert found.articles[0].path == "/kb/en/gantt"
    assert found.shown == 1


def test_a_page_key_does_as_well_as_an_address(session: Session) -> None:
    screen(session)
    article(session, "gantt")
    found = helped(session, "scheduling.board")
    assert (found.page_key, found.path, slugs(found)) == ("scheduling.board", "", ["gantt"])


def test_what_was_pinned_comes_first_in_its_order(session: Session) -> None:
    article(session, "popular", views=900)
    pinned = [article(session, slug, module="invoicing") for slug in ("second", "first")]
    films = [video(session, slug, module="invoicing") for slug in ("film-b", "film-a")]
    video(session, "film-c")
    screen(session, topics=pinned[::-1], videos=films[::-1])
    found = helped(session)
    assert slugs(found) == ["first", "second", "popular"]
    assert [one.is_pinned for one in found.articles] == [True, True, False]
    assert [one.slug for one in found.videos] == ["film-a", "film-b", "film-c"]
    assert [one.is_pinned for one in found.videos] == [True, True, False]


def test_the_readers_language_and_role_and_version_come_before_popularity(session: Session) -> None:
    screen(session)
    article(session, "read", views=500)
    article(session, "for-field", role_tags=["field"])
    article(session, "for-owners", role_tags=["owner"], views=5000)
    article(session, "old", platform_version="1.0 - 3.9", views=9000)
    article(session, "spanish", titles={"es": "Español", "en": "Spanish"})
    english = helped(session, role="field", version="4.2")
    assert slugs(english) == ["for-field", "read", "spanish", "for-owners", "old"]
    assert [one.fits_version for one in english.articles] == [True] * 4 + [False]
    spanish = helped(session, language="es")
    assert (slugs(spanish)[0], spanish.articles[0].language) == ("spanish", "es")
    assert {one.language for one in spanish.articles[1:]} == {"en"}


def test_what_helped_comes_before_what_was_only_read(session: Session) -> None:
    screen(session)
    article(session, "useless", views=120, not_helpful=30)
    article(session, "useful", views=100, helpful=30)
    article(session, "unread", position=1)
    article(session, "unread-first", position=0)
    assert slugs(helped(session)) == ["useful", "useless", "unread-first", "unread"]


@pytest.mark.parametrize(
    ("reader", "seen"),
    [
        (STRANGER, ["all"]),
        (OWNER, ["all", "builders"]),
        (Reader(at_portal=True), []),
        (Reader(Role.CLIENT), ["clients"]),
        (Reader(Role.AGENT), ["all", "builders", "clients", "staff"]),
    ],
)
def test_nobody_is_shown_what_is_not_for_them(
    session: Session, reader: Reader, seen: list[str]
) -> None:
    gated: list[dict[str, Any]] = [
        {"slug": "all"},
        {"slug": "builders", "audience": Audience.CUSTOMERS},
        {"slug": "clients", "audience": Audience.CUSTOMERS, "role_tags": ["client"]},
        {"slug": "staff", "audience": Audience.STAFF},
    ]
    topics = [article(session, **one) for one in gated]
    films = [video(session, **one) for one in gated]
    found = helped(session, reader=reader)
    screen(session)
    for page in (helped(session, reader=reader), found):
        expected = seen if page.module else []
        if reader is OWNER and page.module:
            expected = [*seen, "clients"]
        assert sorted(slugs(page)) == sorted(expected)
        assert sorted(one.slug for one in page.videos) == sorted(expected)
    other = screen(session, "/all", page_key="pinned", topics=topics, videos=films)
    pinned = helped(session, "/all", reader=reader)
    assert sorted(slugs(pinned)) == sorted(slugs(helped(session, reader=reader)))
    assert other.page_key == pinned.page_key


def test_what_is_not_published_any_more_is_gone_at_once(session: Session) -> None:
    screen(session)
    article(session, "gantt")
    article(session, "draft", is_published=False)
    assert slugs(helped(session)) == ["gantt"]
    one = session.query(Article).filter_by(slug="gantt").one()
    one.is_published = False  # and search was not told
    session.flush()
    assert slugs(helped(session)) == []


def test_a_film_that_is_closed_is_gone_at_once(session: Session) -> None:
    screen(session)
    article(session, "gantt")
    video(session, "film")
    assert [one.slug for one in helped(session).videos] == ["film"]
    session.query(Video).filter_by(slug="film").one().audience = Audience.STAFF
    session.flush()
    found = helped(session)
    assert ([one.slug for one in found.videos], slugs(found)) == ([], ["gantt"])


def test_what_was_just_published_is_there(session: Session) -> None:
    screen(session)
    article(session, "first")
    assert slugs(helped(session)) == ["first"]
    article(session, "second")
    assert sorted(slugs(helped(session))) == ["first", "second"]


def test_what_others_read_meanwhile_counts_a_little_later(session: Session) -> None:
    screen(session)
    for slug in "abcdefghij":
        article(session, slug)
    assert len(helped(session).articles) == MOST_ARTICLES
    session.query(Article).filter_by(slug="j").update({"view_count": 90})
    session.flush()
    assert slugs(helped(session, at=NOW + FRESH))[0] == "j"


def test_an_unknown_address_has_what_is_about_no_module(session: Session) -> None:
    screen(session)
    article(session, "welcome", module="")
    article(session, "gantt")
    found = helped(session, "/somewhere/7/else")
    assert (found.page_key, found.module, slugs(found)) == ("", "", ["welcome"])
    assert (found.path, found.shown) == ("/somewhere/{id}/else", 0)


def test_saving_and_removing_rules_is_seen_at_once(session: Session) -> None:
    made = screen(session)
    assert helped(session).page_key == "scheduling.board"
    words = ScreenWords("scheduling.gantt", "scheduling", {}, ["/projects/**"])
    screens.save(session, made, words, seen=made.version, by=EDITOR, at=NOW)
    assert helped(session).page_key == "scheduling.gantt"
    screens.remove(session, made, by=EDITOR, at=NOW)
    assert helped(session).page_key == ""


def test_what_was_rolled_back_is_not_remembered(session: Session) -> None:
    marks.renew(session)
    session.commit()
    screen(session)
    assert helped(session).page_key == "scheduling.board"
    session.rollback()
    see(session, PLATFORM)
    assert helped(session).page_key == ""


def test_words_on_the_screen_are_explained_in_the_nearest_language(session: Session) -> None:
    screen(session)
    topic = article(session, "lag", titles={"en": "Lag", "es": "Retardo"})
    hidden = article(session, "secret", audience=Audience.STAFF)
    both = {
        "en": {"term": "Lag", "definition": "Days between", "usage": "Two days"},
        "es": {"term": "Retardo", "definition": "Días entre", "usage": ""},
    }
    term(session, "scheduling.lag", both, topic_id=topic)
    term(session, "scheduling.float", topic_id=hidden)
    term(session, "scheduling.none", {"en": {"term": ""}})
    term(session, "estimating.markup", module="estimating")
    english, spanish = (helped(session, language=one).terms for one in ("en", "es"))
    assert [(one.key, one.language, one.term) for one in spanish] == [
        ("scheduling.float", "en", "Scheduling.Float"),
        ("scheduling.lag", "es", "Retardo"),
    ]
    assert english[1].usage == "Two days"
    assert spanish[0].article is None
    assert spanish[1].article is not None
    assert spanish[1].article.path == "/kb/es/lag"
    asked = ["estimating.markup", "nothing", "scheduling.lag", "estimating.markup"]
    found = explained(session, OWNER, asked, language="en", at=NOW)
    assert [one.key for one in found] == ["estimating.markup", "scheduling.lag"]


def test_first_steps_are_shown_until_dismissed_and_again_in_a_new_edition(
    session: Session, world: World
) -> None:
    screen(session)
    made = tour(session)
    tour(session, "invoicing", is_published=False)
    assert helped(session, language="es").orientation.steps[0].title == "Hola"
    by = {"user_id": world.owner.user_id}
    found = helped(session, **by).orientation
    assert (found.edition, [step.target for step in found.steps]) == (1, ["", "scheduling.lag"])
    for _twice in range(2):
        dismissals.dismiss(session, made.id, found.edition, by=world.owner, at=NOW)
    assert helped(session, **by).orientation is None
    assert helped(session, user_id=world.pm.user_id).orientation is not None
    made.edition += 1
    marks.renew(session)
    assert helped(session, **by).orientation.edition == 2
    see(session, world.acme.id)
    assert helped(session, **by).orientation.edition == 2


@pytest.mark.parametrize(
    "where", ["", "/", "\x00", "/a" * 5000, "https://[", "javascript:alert(1)"]
)
def test_hostile_addresses_are_unknown_ones(session: Session, where: str) -> None:
    screen(session)
    assert helped(session, where).page_key == ""


def test_few_questions_are_asked(session: Session, world: World) -> None:
    for number in range(30):
        article(session, f"about-{number}", titles={"en": "A", "es": "B"}, views=number)
    screen(session, topics=[article(session, "pinned")])
    term(session, "scheduling.lag", topic_id=article(session, "lag"))
    tour(session)
    helped(session)
    asked: list[str] = []
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    helped(session, user_id=world.owner.user_id, at=NOW + timedelta(seconds=1))
    assert len(asked) == 3


def test_articles_are_looked_up_by_their_topics(session: Session) -> None:
    """Not by going through all that there is in a language: that grows with the help centre."""
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL decides by what there is")
    screen(session, topics=[article(session, "gantt")])
    asked: list[tuple[str, Any]] = []
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
    helped(session)
    cursor = session.connection().connection.cursor()
    for statement, values in [one for one in asked if "kb_articles" in one[0]]:
        plan = [row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
        assert not [step for step in plan if step.startswith("SCAN")], plan
        assert not [step for step in plan if "ix_kb_articles_published" in step], plan
