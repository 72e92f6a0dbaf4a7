"""Lists and threads as people read them."""

from datetime import timedelta

import pytest

from portal.community.service import settings
from portal.community.service.settings import Choice
from portal.forum.models import Post
from portal.forum.service import answers, moderating, removing, voting
from tests.forum.making import Kind, reply, thread
from tests.support.statements import counted

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def visitor(app):
    return app.test_client()


def titles(client, address):
    text = client.get(address).text
    return [part.split("<")[0] for part in text.split('dir="auto">')[1:]]


@pytest.fixture
def four(session, world, now):
    def at(hours):
        return now - timedelta(hours=hours)

    old = thread(session, world.pm, at(9), "Old but lively")
    answered = thread(session, world.pm, at(7), "Answered")
    thread(session, world.stranger, at(5), "Open question", category="invoicing")
    thread(session, world.owner, at(3), "Talk", kind=Kind.DISCUSSION)
    answers.accept(
        session, answered, reply(session, answered, world.agent, at(6)), by=world.pm, at=at(6)
    )
    reply(session, old, world.stranger, at(1))
    voting.upvote(session, answered, by=world.agent, at=at(1))
    session.commit()


@pytest.mark.parametrize(
    ("address", "order"),
    [
        ("/forum", ["Old but lively", "Talk", "Open question", "Answered"]),
        ("/forum?sort=new", ["Talk", "Open question", "Answered", "Old but lively"]),
        ("/forum?sort=unanswered", ["Open question", "Old but lively"]),
        ("/forum/in/invoicing", ["Open question"]),
        ("/forum/in/scheduling?sort=unanswered", ["Old but lively"]),
        ("/forum?sort=nonsense", ["Old but lively", "Talk", "Open question", "Answered"]),
    ],
)
def test_orders(four, visitor, address, order):
    assert titles(visitor, address) == order


def test_the_most_useful_first(four, visitor):
    assert titles(visitor, "/forum?sort=top")[0] == "Answered"


@pytest.mark.parametrize("sort", ["active", "new", "top", "unanswered"])
def test_page_after_page_shows_each_thread_once_and_back(session, world, now, visitor, sort):
    for number in range(70):
        post = thread(session, world.agent, now + timedelta(minutes=number), f"Thread {number}")
        post.upvote_count = number % 3
    session.commit()
    seen, address, back = [], f"/forum?sort={sort}", ""
    while address:
        text = visitor.get(address).text
        seen += [part.split("<")[0] for part in text.split('dir="auto">')[1:]]
        address = link(text, "next")
        back = link(text, "prev") or back
    assert len(seen) == len(set(seen)) == 70
    assert len(titles(visitor, back)) == 30


def link(text, rel):
    if f'rel="{rel}"' not in text:
        return ""
    return text.split(f'rel="{rel}" href="')[1].split('"')[0].replace("&amp;", "&")


def test_pinned_threads_stand_above(session, four, world, now, visitor):
    old = session.query(Post).filter_by(title="Answered").one()
    moderating.pin(session, old, by=world.agent, at=now)
    session.commit()
    shown = titles(visitor, "/forum")
    assert shown[0] == "Answered"
    assert shown.count("Answered") == 1


def test_unknown_categories_and_threads(visitor):
    for address in ("/forum/in/nothing", "/forum/7", "/forum/replies/" + "0" * 32):
        assert visitor.get(address).status_code == 404


def test_a_thread_is_read_by_its_number_with_or_without_words(session, world, now, visitor):
    post = thread(session, world.pm, now)
    session.commit()
    for address in (f"/forum/{post.number}", f"/forum/{post.number}/any-words"):
        answer = visitor.get(address)
        assert answer.status_code == 200
        assert f'rel="canonical" href="/forum/{post.number}/how-do-weather-days-work"' in (
            answer.text
        )


def test_fifty_replies_a_page_and_links_that_stay(session, world, now, visitor):
    post = thread(session, world.pm, now)
    made = [reply(session, post, world.agent, now, f"Reply {n}") for n in range(1, 53)]
    session.commit()
    first = visitor.get(f"/forum/{post.number}").text
    assert 'id="r-50"' in first
    assert 'id="r-51"' not in first
    assert 'id="r-52"' in visitor.get(f"/forum/{post.number}?page=2").text
    assert visitor.get(f"/forum/{post.number}?page=3").status_code == 404
    leads = visitor.get(f"/forum/replies/{made[51].id}")
    assert leads.headers["Location"].endswith("?page=2#r-52")


def test_what_is_removed_is_there_for_moderators_alone(session, world, now, visitor, sign_in):
    post = thread(session, world.pm, now)
    rude = reply(session, post, world.stranger, now, "Something rude")
    removing.remove_reply(session, post, rude, "Rude", by=world.agent, at=now)
    session.commit()
    seen = visitor.get(f"/forum/{post.number}").text
    assert "Something rude" not in seen
    assert "Rude" in seen  # the reason
    assert visitor.get(f"/forum/replies/{rude.id}").status_code == 404
    assert visitor.get(f"/forum/replies/{rude.id}/history").status_code == 404
    assert "Something rude" in sign_in(world.agent).get(f"/forum/{post.number}").text
    removing.remove_post(session, post, "Advertising", by=world.agent, at=now)
    session.commit()
    assert visitor.get(f"/forum/{post.number}").status_code == 404
    assert "It rained" in sign_in(world.agent).get(f"/forum/{post.number}").text


def test_a_joined_thread_leads_on(session, world, now, visitor):
    post, into = thread(session, world.pm, now), thread(session, world.pm, now, "The other")
    moderating.merge(session, post, into, by=world.agent, at=now)
    session.commit()
    answer = visitor.get(f"/forum/{post.number}")
    assert (answer.status_code, answer.headers["Location"]) == (
        301,
        f"/forum/{into.number}/the-other",
    )


def test_titles_and_names_are_text(session, world, now, visitor):
    thread(session, world.pm, now, title="<script>alert(1)</script>")
    session.commit()
    assert "<script>alert" not in visitor.get("/forum").text


@pytest.mark.parametrize("replies", [12, 60])
@pytest.mark.parametrize("address", ["/forum", "/forum/in/scheduling?sort=top", "/forum/{}"])
def test_few_queries_a_page(runtime, session, world, now, sign_in, address, replies):
    post = thread(session, world.pm, now)
    for _ in range(replies):
        answer = reply(session, post, world.agent, now)
    answers.accept(session, post, answer, by=world.pm, at=now)
    for number in range(40):
        thread(session, world.agent, now, f"Thread {number}")
    session.commit()
    client = sign_in(world.pm)
    client.get(address.format(post.number))
    with counted(runtime.engine) as seen:
        assert client.get(address.format(post.number)).status_code == 200
    seen = [one for one in seen if one != "BEGIN"]
    assert len(seen) <= 10, "\n".join(seen)


def test_a_builders_name_stands_there_unless_it_chose_otherwise(
    session, world, now, visitor, sign_in
):
    post = thread(session, world.pm, now)
    reply(session, post, world.stranger, now)
    session.commit()
    address = f"/forum/{post.number}"
    assert world.acme.name in visitor.get(address).text
    settings.save(session, Choice(shows_name=False), by=world.owner, at=now)
    session.commit()
    for client in (visitor, sign_in(world.stranger), sign_in(world.agent)):
        for page in (address, "/forum"):
            assert world.acme.name not in client.get(page).text
    assert world.birch.name in visitor.get(address).text
