"""The pages, with and without a script."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.community.service import settings
from portal.community.service.settings import Choice
from portal.ideas.models import FeatureRequest, Status
from portal.ideas.service import commenting, merging, statuses, voting
from portal.ideas.service.statuses import Decision
from portal.writing.models import Draft
from tests.fixtures.world import NOW
from tests.ideas.making import crowd, idea
from tests.support.statements import counted
from tests.tickets.making import filed

pytestmark = pytest.mark.usefixtures("noon")
HTMX = {"HX-Request": "true"}
NEW = {"title": "Photos on daily logs", "body": "From the phone", "use_case": "", "category": ""}


@pytest.fixture
def found(session, world):
    made = idea(session, world.stranger)
    voting.explain(session, made, "Our crews wait", by=world.stranger)
    session.commit()
    return made


@pytest.fixture
def at(found):
    return f"/ideas/{found.number}"


def rows(session):
    session.rollback()
    session.expire_all()
    return session.scalars(select(FeatureRequest).order_by(FeatureRequest.number)).all()


def test_anybody_reads_but_strangers_are_told_no_names(app, session, world, found, at):
    commenting.comment(session, found, "So do we", by=world.owner, at=NOW)
    session.commit()
    visitor = app.test_client()
    assert found.title in visitor.get("/ideas").text
    text = visitor.get(at).text
    assert "So do we" in text
    for name in (world.owner.name, world.stranger.name, "Acme Homes", "Birch Build", "crews wait"):
        assert name not in text


def test_a_builders_name_stands_there_unless_it_chose_otherwise(session, sign_in, world, at):
    reader = sign_in(world.pm)
    assert world.birch.name in reader.get(at).text
    settings.save(session, Choice(shows_name=False), by=world.stranger, at=NOW)
    session.commit()
    assert world.birch.name not in reader.get(at).text


def test_other_builders_do_not_read_who_voted_and_why(sign_in, world, at):
    assert "Our crews wait" in sign_in(world.stranger).get(at).text
    assert "Our crews wait" not in sign_in(world.owner).get(at).text
    assert "Our crews wait" in sign_in(world.agent).get(at).text


def test_there_is_no_such_page_at_portals(sign_in, world, at):
    for path in ("/ideas", at, "/ideas/new"):
        assert sign_in(world.client).get(path).status_code == 404


def test_what_is_internal_is_a_404(app, session, sign_in, world):
    inside = idea(session, world.manager, "Hidden", is_internal=True)
    session.commit()
    path = f"/ideas/{inside.number}"
    assert app.test_client().get(path).status_code == 404
    assert sign_in(world.owner).get(path).status_code == 404
    assert sign_in(world.owner).post(f"{path}/vote").status_code == 404
    assert sign_in(world.agent).get(path).status_code == 200


class TestVoting:
    def test_without_a_script(self, session, sign_in, world, at):
        owner = sign_in(world.owner)
        assert owner.post(f"{at}/vote").location == at
        assert rows(session)[0].vote_count == 2
        assert owner.post(f"{at}/vote/reason", data={"reason": "We too"}).status_code == 303
        assert "We too" in owner.get(at).text
        assert owner.post(f"{at}/vote/removal").status_code == 303
        assert rows(session)[0].vote_count == 1

    def test_the_second_is_told_who_was_first(self, sign_in, world, at):
        sign_in(world.owner).post(f"{at}/vote")
        answer = sign_in(world.pm).post(f"{at}/vote", headers=HTMX)
        assert f"{world.owner.name} has voted for your company already" in answer.text
        assert answer.text.strip().startswith("<section")

    def test_from_a_list_the_button_alone_comes_back(self, sign_in, world, at):
        answer = sign_in(world.owner).post(f"{at}/vote", data={"from": "list"}, headers=HTMX)
        assert answer.text.strip().startswith("<form")
        assert "/vote/removal" in answer.text

    def test_staff_and_what_is_decided(self, session, sign_in, world, found, at):
        assert sign_in(world.agent).post(f"{at}/vote").status_code == 409
        statuses.decide(session, found, Decision(Status.SHIPPED), by=world.manager, at=NOW)
        session.commit()
        refused = sign_in(world.owner).post(f"{at}/vote", headers=HTMX)
        assert refused.status_code == 409
        assert "It is decided" in refused.text

    def test_too_long_a_reason_stays_where_it_was_typed(self, sign_in, world, at):
        answer = sign_in(world.stranger).post(f"{at}/vote/reason", data={"reason": "x" * 1001})
        assert answer.status_code == 422
        assert "x" * 1001 in answer.text

    def test_in_a_builders_name(self, session, pack, sign_in, world, found, at):
        ticket = filed(session, pack, world.pm, NOW)
        session.commit()
        agent, said = sign_in(world.agent), {"reason": "They asked", "builder": world.acme.id}
        assert "Acme Homes" in agent.get(f"{at}/votes/new").text
        wrong = agent.post(f"{at}/votes", data={**said, "ticket": 999_999})
        assert wrong.status_code == 422
        assert "They asked" in wrong.text
        assert agent.post(f"{at}/votes", data={**said, "builder": "x"}).status_code == 422
        done = agent.post(f"{at}/votes", data={**said, "ticket": ticket.number})
        assert done.status_code == 303
        assert rows(session)[0].vote_count == 2
        assert "of our team voted for you" in sign_in(world.owner).get(at).text
        assert sign_in(world.owner).post(f"{at}/votes", data=said).status_code == 403


class TestWriting:
    def test_those_like_it_come_first_and_then_it_is_sent(self, session, sign_in, world, found):
        owner = sign_in(world.owner)
        first = owner.post("/ideas", data=NEW)
        assert first.status_code == 422
        assert "Look at these first" in first.text
        assert "From the phone" in first.text
        second = owner.post("/ideas", data=NEW | {"seen": "1"})
        assert second.status_code == 303
        made = rows(session)[-1]
        assert second.location == f"/ideas/{made.number}"
        assert made.vote_count == 1

    def test_while_typing(self, sign_in, world, found):
        owner = sign_in(world.owner)
        some = owner.get("/ideas/similar?title=photos+daily+logs", headers=HTMX).text
        assert found.title in some
        assert 'name="seen"' in some
        none = owner.get("/ideas/similar?title=submarine", headers=HTMX).text
        assert 'name="seen"' not in none
        assert owner.get("/ideas/similar?title=photos").location.endswith("/ideas/new?title=photos")

    @pytest.mark.parametrize("wrong", [{"title": " "}, {"body": ""}, {"category": "none"}])
    def test_what_is_wrong_is_said_and_all_stays(self, session, sign_in, world, wrong):
        said = NEW | {"use_case": "Disputes", **wrong}
        answer = sign_in(world.owner).post("/ideas", data=said)
        assert answer.status_code == 422
        assert "Disputes" in answer.text
        assert rows(session) == []

    def test_unsent_words_are_kept_and_gone_when_sent(self, session, sign_in, world):
        owner = sign_in(world.owner)
        assert owner.post("/ideas/new/draft", data=NEW).status_code == 204
        assert "From the phone" in owner.get("/ideas/new").text
        owner.post("/ideas", data=NEW)
        assert session.scalars(select(Draft)).all() == []
        owner.post("/ideas/new/draft", data=NEW)
        owner.post("/ideas/new/draft/removal")
        assert "From the phone" not in owner.get("/ideas/new").text
        owner.post("/ideas/new/draft", data={"category": "scheduling"})
        session.rollback()
        assert session.scalars(select(Draft)).all() == []

    def test_it_is_shown_as_it_will_look(self, sign_in, world):
        answer = sign_in(world.owner).post("/ideas/preview", data={"body": "**b** <script>"})
        assert "<strong>b</strong>" in answer.text
        assert "<script" not in answer.text

    def test_the_second_editor_sees_both_texts(self, session, sign_in, world, at):
        words = NEW | {"lock": "1"}
        assert sign_in(world.stranger).get(f"{at}/edition").status_code == 200
        assert sign_in(world.owner).get(f"{at}/edition").status_code == 404
        assert sign_in(world.stranger).post(f"{at}/edition", data=words).status_code == 303
        late = sign_in(world.manager).post(f"{at}/edition", data=words | {"body": "Mine"})
        assert late.status_code == 409
        assert "From the phone" in late.text
        assert "Mine" in late.text
        assert 'name="lock" value="2"' in late.text


class TestRunning:
    def test_a_decision_is_shown_to_all(self, app, sign_in, world, at):
        lead = sign_in(world.manager)
        no_reason = lead.post(f"{at}/status", data={"status": "declined", "note": ""})
        assert no_reason.status_code == 422
        assert "Say why" in no_reason.text
        said = {"status": "shipped", "note": "Have fun", "shipped_in": "4.3"}
        assert lead.post(f"{at}/status", data=said).status_code == 303
        text = app.test_client().get(at).text
        assert "Have fun" in text
        assert "4.3" in text
        assert world.manager.name not in text
        assert lead.post(f"{at}/status", data=said).status_code == 422

    def test_merging_shows_what_it_does_and_leads_on(self, app, session, sign_in, world, found, at):
        other = idea(session, world.owner, "Pictures")
        session.commit()
        lead = sign_in(world.manager)
        assert "This will happen" in lead.get(f"{at}/merging?into={other.number}").text
        assert "This will happen" not in lead.get(f"{at}/merging?into={found.number}").text
        for nothing in ("99", "x", "9" * 30):
            assert "no such idea" in lead.get(f"{at}/merging?into={nothing}").text
        assert lead.post(f"{at}/merging", data={"into": found.number}).status_code == 422
        done = lead.post(f"{at}/merging", data={"into": other.number})
        assert done.location == f"/ideas/{other.number}"
        moved = app.test_client().get(at)
        assert (moved.status_code, moved.location) == (301, f"/ideas/{other.number}")
        assert sign_in(world.owner).post(f"{at}/comments", data={"body": "x"}).status_code == 409

    def test_what_was_merged_into_what_is_hidden_leads_nowhere(
        self, app, session, world, found, at
    ):
        other = idea(session, world.owner, "Pictures")
        merging.merge(session, found, other, by=world.manager, at=NOW)
        other.is_internal = True
        session.commit()
        assert app.test_client().get(at).status_code == 404

    def test_weight_is_for_those_who_decide(self, sign_in, world, found, at):
        assert found.title in sign_in(world.manager).get("/ideas/weight").text
        assert "By weight" in sign_in(world.manager).get(at).text
        for who in (world.agent, world.owner):
            assert sign_in(who).get("/ideas/weight").status_code == 403
            assert "By weight" not in sign_in(who).get(at).text


class TestComments:
    def test_they_are_said_and_taken_back(self, session, sign_in, world, at):
        owner = sign_in(world.owner)
        assert owner.post(f"{at}/comments", data={"body": " "}).status_code == 422
        owner.post(f"{at}/comments/draft", data={"body": "Not yet"})
        assert "Not yet" in owner.get(at).text
        said = owner.post(f"{at}/comments", data={"body": "We *too*"})
        assert "#comment-" in said.location
        key = said.location.partition("#comment-")[2]
        text = owner.get(at).text
        assert "<em>too</em>" in text
        assert "Not yet" not in text
        assert sign_in(world.pm).post(f"{at}/comments/{key}/removal").status_code == 404
        assert owner.post(f"{at}/comments/{key}/removal").status_code == 303
        assert rows(session)[0].comment_count == 0


class TestLists:
    def test_each_tab_and_filter(self, session, sign_in, world, found):
        other = idea(session, world.owner, "Ours", category="billing")
        statuses.decide(session, other, Decision(Status.SHIPPED), by=world.manager, at=NOW)
        session.commit()
        owner = sign_in(world.owner)
        for tab in ("wanted", "trending", "new"):
            text = owner.get(f"/ideas?tab={tab}").text
            assert found.title in text
            assert ">Ours<" not in text
        assert ">Ours<" in owner.get("/ideas?tab=mine").text
        assert found.title not in owner.get("/ideas?tab=mine").text
        assert ">Ours<" in owner.get("/ideas?status=shipped").text
        assert ">Ours<" in owner.get("/ideas?status=all&category=billing").text

    @pytest.mark.parametrize(
        "query", ["tab=mine", "tab=x", "status=x", "category=x", "page=x", "page=bm8"]
    )
    def test_nonsense_in_the_address_is_passed_over(self, app, found, query):
        assert found.title in app.test_client().get(f"/ideas?{query}").text

    def test_empty_lists_say_what_to_do(self, app, sign_in, world):
        assert "No ideas yet" in app.test_client().get("/ideas").text
        assert "voted for nothing" in sign_in(world.owner).get("/ideas?tab=mine").text
        assert "Nothing here" in app.test_client().get("/ideas?status=shipped").text

    def test_page_by_page(self, app, session, world):
        for number in range(25):
            idea(session, world.agent, f"Wish {number:02}", at=NOW + timedelta(minutes=number))
        session.commit()
        text = app.test_client().get("/ideas?tab=new").text
        assert text.count('class="idea-row"') == 20
        older = text.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
        assert app.test_client().get(older).text.count('class="idea-row"') == 5


@pytest.mark.parametrize("number", [12, 60])
@pytest.mark.parametrize("who", ["owner", "agent", "manager", None])
def test_no_page_asks_much(app, runtime, session, sign_in, world, found, at, who, number):
    for one in crowd(session, number):
        voting.vote(session, found, by=one, at=NOW)
        commenting.comment(session, found, "Yes", by=one, at=NOW)
        idea(session, one, f"Of {one.name}")
    session.commit()
    client = sign_in(getattr(world, who)) if who else app.test_client()
    paths = ["/ideas", "/ideas?tab=trending", at]
    paths += ["/ideas/new"] if who else []
    paths += ["/ideas/weight"] if who == "manager" else []
    for path in paths:
        client.get(path)
        with counted(runtime.engine) as asked:
            assert client.get(path).status_code == 200
        asked = [one for one in asked if one != "BEGIN"]
        assert len(asked) <= 10, (path, asked)


def test_a_form_that_is_sent_twice_makes_one_idea(session, sign_in, world):
    browser, sent = sign_in(world.owner), {**NEW, "seen": "1", "press": "the same"}
    first, second = (browser.post("/ideas", data=sent) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert len(rows(session)) == 1


def test_what_was_refused_can_be_sent_again_from_the_same_form(session, sign_in, world):
    browser, sent = sign_in(world.owner), {**NEW, "seen": "1", "press": "the same"}
    refused = browser.post("/ideas", data={**sent, "body": ""})
    assert refused.status_code == 422
    assert 'name="press" value="the same"' in refused.text
    assert browser.post("/ideas", data=sent).status_code == 303
    assert len(rows(session)) == 1


def test_another_persons_press_is_another_one(session, sign_in, world):
    for actor in (world.owner, world.stranger):
        sent = {**NEW, "seen": "1", "press": "the same"}
        assert sign_in(actor).post("/ideas", data=sent).status_code == 303
    assert len(rows(session)) == 2


def test_a_comment_that_is_sent_twice_is_said_once(session, sign_in, world, found, at):
    browser = sign_in(world.owner)
    for _ in range(2):
        answer = browser.post(f"{at}/comments", data={"body": "So do we", "press": "the same"})
        assert answer.status_code == 303
    (row,) = rows(session)
    assert row.comment_count == 1
