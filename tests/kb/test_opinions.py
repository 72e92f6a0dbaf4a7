"""Readers count once, can change their mind, and counters agree with what was said."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core.audience import Audience
from portal.kb.models import Article, Feedback, Reading
from portal.kb.service import counters
from tests.kb import shelving

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def article(session):
    made = shelving.article(session, "calm", role_tags=["client"])
    session.commit()
    return made


@pytest.fixture
def tell(article):
    def send(client, **values):
        path = f"/kb/en/articles/{article.id}/feedback"
        headers = values.pop("headers", {})
        return client.post(path, data=values, headers=headers)

    return send


@pytest.fixture
def counts(runtime):
    columns = Article.helpful_count, Article.not_helpful_count, Article.view_count

    def read():
        with runtime.writers() as session:
            counted = session.execute(select(*columns)).one()
            counters.rebuild(session)
            assert session.execute(select(*columns)).one() == counted
            return tuple(counted)

    return read


class TestFeedback:
    def test_once_a_visitor_and_theirs_to_change(self, app, tell, counts):
        visitor = app.test_client()
        answer = tell(visitor, helpful="yes")
        assert (answer.status_code, answer.location) == (303, "/kb/en/calm#page-feedback")
        tell(visitor, helpful="yes")
        assert counts() == (1, 0, 0)
        assert "Good to know" in visitor.get("/kb/en/calm").text
        tell(visitor, helpful="no", reason="unclear", comment="Where is the plan?")
        assert counts() == (0, 1, 0)
        assert "looks after this article" in visitor.get("/kb/en/calm").text
        tell(visitor, helpful="")
        assert counts() == (0, 0, 0)
        assert "Did this help?" in visitor.get("/kb/en/calm").text

    def test_others_have_their_own(self, app, world, sign_in, tell, counts):
        for client in (app.test_client(), app.test_client(), sign_in(world.owner)):
            tell(client, helpful="yes")
        assert counts() == (3, 0, 0)

    def test_it_is_known_whose_it_is(self, session, world, sign_in, tell):
        tell(sign_in(world.client), helpful="no", reason="outdated")
        [said] = session.scalars(select(Feedback))
        assert (said.builder_id, said.user_id) == (world.acme.id, world.client.user_id)
        assert (said.role, said.plan, said.surface) == ("client", "business", "portal")
        assert (said.reason, said.number) == ("outdated", 1)

    def test_at_a_portal_strangers_are_the_builders(self, app, session, world, tell):
        at_portal = app.test_client()
        at_portal.portal = "acme"
        tell(at_portal, helpful="yes")
        assert session.scalars(select(Feedback)).one().builder_id == world.acme.id
        assert "Good to know" in at_portal.get("/kb/en/calm").text

    def test_secrets_are_not_kept(self, app, session, tell):
        tell(app.test_client(), helpful="no", comment="My password: Larkspur-99-house")
        assert "Larkspur" not in session.scalars(select(Feedback)).one().comment

    def test_without_a_reason_it_is_asked_for(self, app, tell):
        answer = tell(app.test_client(), helpful="no", headers={"HX-Request": "true"})
        assert answer.status_code == 200
        assert 'value="does_not_work"' in answer.text
        assert "<html" not in answer.text

    @pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
    def test_what_is_too_long_comes_back_as_it_was(self, app, tell, counts, headers):
        long = "plan " * 500
        answer = tell(
            app.test_client(), helpful="no", reason="unclear", comment=long, headers=headers
        )
        assert answer.status_code == 422
        assert long.strip() in answer.text
        assert 'value="unclear" checked' in answer.text
        assert counts() == (0, 0, 0)

    @pytest.mark.parametrize("values", [{"helpful": "perhaps"}, {"helpful": "no", "reason": "x"}])
    def test_what_no_form_sends_is_refused(self, app, tell, counts, values):
        assert tell(app.test_client(), **values).status_code == 422
        assert counts() == (0, 0, 0)

    def test_nobody_has_an_opinion_on_what_they_may_not_read(self, app, session, article):
        session.get(type(article), article.id)
        hidden = shelving.article(session, "hidden", audience=Audience.STAFF)
        session.commit()
        for what in ("feedback", "readings"):
            path = f"/kb/en/articles/{hidden.id}/{what}"
            assert app.test_client().post(path, data={"helpful": "yes"}).status_code == 404


class TestReadings:
    @pytest.fixture
    def read(self, article):
        def send(client, **headers):
            return client.post(f"/kb/en/articles/{article.id}/readings", headers=headers)

        return send

    def test_once_in_half_an_hour(self, app, noon, read, counts):
        visitor = app.test_client()
        assert read(visitor).status_code == 204
        read(visitor)
        assert counts() == (0, 0, 1)
        noon.shift(timedelta(minutes=31))
        read(visitor)
        read(app.test_client())
        assert counts() == (0, 0, 3)

    def test_opening_the_page_alone_is_no_reading(self, app, article, counts):
        app.test_client().get("/kb/en/calm")
        assert counts() == (0, 0, 0)

    def test_robots_do_not_count(self, app, read, counts):
        read(app.test_client(), **{"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"})
        assert counts() == (0, 0, 0)

    def test_where_they_came_from(self, app, session, article):
        path = f"/kb/en/articles/{article.id}/readings"
        app.test_client().post(path, data={"from": "search"})
        app.test_client().post(path, data={"from": "elsewhere"})
        found = session.scalars(select(Reading.surface).order_by(Reading.surface))
        assert list(found) == ["page", "search"]

    def test_readers_who_only_look_are_not_marked(self, app, article):
        visitor = app.test_client()
        visitor.get("/kb/en/calm")
        with visitor.session_transaction() as kept:
            assert "visitor" not in kept


def test_views_are_not_lowered_when_readings_are_forgotten(session, article):
    article.view_count = 7
    session.commit()
    counters.rebuild(session)
    session.commit()
    assert article.view_count == 7
