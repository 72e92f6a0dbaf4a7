"""Articles for programs: the same gates, the seed's names, and a keyset."""

from datetime import timedelta

import pytest

from portal.core.audience import Audience, gates
from portal.kb.models import Redirect, Video, VideoText
from portal.search.documents import Document
from portal.search.service import put
from tests.fixtures.world import NOW
from tests.kb import shelving

pytestmark = pytest.mark.usefixtures("noon")
ARTICLES = "/api/v1/support/kb/articles"


@pytest.fixture
def library(session):
    shelf = shelving.category(session, "planning")
    both = shelving.topic(
        session, category_id=shelf.id, module_tag="scheduling", platform_version="4.2+"
    )
    at = NOW - timedelta(days=3)
    made = [
        shelving.article(session, "in-english", both, number=2, published_at=at),
        shelving.article(session, "en-espanol", both, language="es", translated_from=1),
        shelving.article(session, "for-all", role_tags=["owner"], updated_at=NOW),
        shelving.article(session, "for-customers", audience=Audience.CUSTOMERS),
        shelving.article(session, "for-clients", audience=Audience.CUSTOMERS, role_tags=["client"]),
        shelving.article(session, "for-staff", audience=Audience.STAFF),
        shelving.article(session, "not-yet", is_published=False),
    ]
    session.commit()
    return {one.slug: one for one in made}


def slugs(answer):
    assert answer.status_code == 200, answer.text
    return {one["slug"] for one in answer.json["items"]}


def test_each_reads_what_is_theirs(library, world, speak):
    ours = {"in-english", "for-all", "for-customers", "for-clients"}
    assert slugs(speak(world.owner).get(ARTICLES)) == ours
    assert slugs(speak(world.agent).get(ARTICLES)) == {*ours, "for-staff"}
    assert slugs(speak(world.client).get(ARTICLES)) == {"for-clients"}
    assert speak(None).get(ARTICLES).status_code == 401


def test_one_page_after_the_other(library, world, speak):
    program, seen, cursor = speak(world.agent), [], ""
    for _page in range(9):
        answer = program.get(ARTICLES, limit=2, **({"cursor": cursor} if cursor else {})).json
        seen += [one["slug"] for one in answer["items"]]
        cursor = answer["next_cursor"]
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 5
    assert seen[-1] == "in-english"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"lang": "es"}, {"en-espanol"}),
        ({"module": "scheduling"}, {"in-english"}),
        ({"category": "planning"}, {"in-english"}),
        ({"category": "elsewhere"}, set()),
        ({"role": "client"}, {"for-clients"}),
        ({"role": "owner"}, {"in-english", "for-all", "for-customers"}),
        ({"updated_since": NOW.isoformat()}, {"for-all"}),
    ],
)
def test_filters(library, world, speak, asked, found):
    assert slugs(speak(world.owner).get(ARTICLES, **asked)) == found


@pytest.mark.parametrize(
    "asked", [{"lang": "fr"}, {"updated_since": "yesterday"}, {"colour": "red"}, {"limit": 0}]
)
def test_what_no_filter_means_is_refused(library, world, speak, asked):
    assert speak(world.owner).get(ARTICLES, **asked).status_code == 422


def test_what_is_found(session, library, world, speak):
    for one in library.values():
        topic = one.topic_id
        about = session.get(type(one).topic.property.mapper.class_, topic)
        document = Document(
            kind="article",
            object_id=one.id,
            language=one.language,
            title=one.title,
            path=f"/kb/{one.language}/{one.slug}",
            gates=gates(Audience(about.audience), about.role_tags),
            slug=one.slug,
            group_id=topic,
            body="Move the crane to the other site.",
        )
        if one.is_published:
            put(session, document, at=NOW)
    session.commit()
    answer = speak(world.owner).get(ARTICLES, q="crane")
    assert slugs(answer) >= {"in-english", "for-all", "for-customers"}
    assert "for-staff" not in answer.text
    assert "<mark>crane</mark>" in answer.json["items"][0]["snippet"]
    assert slugs(speak(world.client).get(ARTICLES, q="crane")) == {"for-clients"}


class TestOne:
    def test_by_the_seeds_names(self, session, library, world, speak):
        film = Video(slug="film", is_published=True, created_at=NOW, updated_at=NOW)
        session.add(film)
        session.flush()
        session.add(VideoText(video_id=film.id, language="en", title="A film"))
        topic = session.get_one(shelving.Topic, library["in-english"].topic_id)
        topic.video_id = film.id
        session.commit()
        found = speak(world.owner).get(f"{ARTICLES}/in-english").json
        assert found["slug"] == "in-english"
        assert found["category"] == "planning"
        assert (found["module_tag"], found["platform_version"]) == ("scheduling", "4.2+")
        assert found["video_url"] == "http://127.0.0.1:8000/kb/en/videos/film"
        assert found["is_published"] is True
        assert 'href="http://127.0.0.1:8000/kb/en/other"' in found["body_html"]
        assert [one["id"] for one in found["outline"]] == ["first", "second"]
        assert {one["slug"] for one in found["translations"]} == {"in-english", "en-espanol"}

    def test_addresses_of_a_client_are_at_the_portal(self, library, world, speak):
        found = speak(world.client).get(f"{ARTICLES}/for-clients").json
        assert found["url"] == "http://127.0.0.1:8000/b/acme/kb/en/for-clients"
        assert 'href="http://127.0.0.1:8000/b/acme/kb/en/other"' in found["body_html"]

    def test_in_another_language(self, library, world, speak):
        program = speak(world.owner)
        found = program.get(f"{ARTICLES}/in-english", lang="es").json
        assert (found["slug"], found["language"], found["is_outdated"]) == (
            "en-espanol",
            "es",
            True,
        )
        assert program.get(f"{ARTICLES}/for-all", lang="es").json["language"] == "en"

    def test_by_a_former_address(self, session, library, world, speak):
        for slug, about in (("old", "for-all"), ("old-secret", "for-staff")):
            key = library[about].id
            session.add(Redirect(language="en", slug=slug, article_id=key, created_at=NOW))
        session.commit()
        program = speak(world.owner)
        assert program.get(f"{ARTICLES}/old").json["slug"] == "for-all"
        assert program.get(f"{ARTICLES}/old-secret").status_code == 404

    @pytest.mark.parametrize("slug", ["for-staff", "not-yet", "nothing"])
    def test_what_is_not_theirs_is_not_there(self, library, world, speak, slug):
        assert speak(world.owner).get(f"{ARTICLES}/{slug}").status_code == 404


class TestFeedback:
    def test_one_opinion_a_person(self, library, world, speak):
        program = speak(world.owner)
        place = f"{ARTICLES}/{library['for-all'].id}/feedback"
        program.post(place, {"helpful": True})
        answer = program.post(
            place,
            {"helpful": False, "reason": "outdated", "comment": "password: Larkspur-99-x"},
        )
        assert answer.status_code == 200, answer.text
        found = answer.json
        assert (found["helpful_count"], found["not_helpful_count"]) == (0, 1)
        assert found["reason"] == "outdated"
        assert "Larkspur" not in found["comment"]

    def test_of_what_one_may_not_read_one_says_nothing(self, library, world, speak):
        place = f"{ARTICLES}/{library['for-staff'].id}/feedback"
        assert speak(world.owner).post(place, {"helpful": True}).status_code == 404
        assert speak(world.owner).post(place, {"helpful": "yes"}).status_code == 422
