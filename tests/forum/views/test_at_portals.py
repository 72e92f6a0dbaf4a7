"""The forum under a builder's name: to be read, where the builder lets it, and nothing else."""

import json
import re

import pytest

from portal.community.service import settings
from portal.community.service.settings import Choice
from portal.core.permissions import Role
from portal.forum.models import Kind
from portal.forum.service import answers, removing
from portal.forum.service.posting import NewPost, begin
from portal.foundation.markup import render
from tests.forum.making import reply, thread
from tests.support.statements import counted

pytestmark = pytest.mark.usefixtures("noon")
READERS = ["client", "vendor", "visitor"]
TEXT = "See [the other](http://127.0.0.1:8000/forum/1001) and ![a plan](/attachments/0193605c)."


@pytest.fixture
def reader(app, world, person, sign_in):
    """By who they are: whoever is signed in at Acme's portal, or nobody."""

    def entered(who):
        if who == "visitor":
            client = app.test_client()
            client.portal = "acme"
            return client
        return sign_in(person(Role(who), world.acme))

    return entered


@pytest.fixture
def crane(session, world, now):
    """A question of another builder's, with answers of Acme's and of staff."""
    post = thread(session, world.stranger, now, "Which calendar has the crane?")
    post.body, post.body_html = TEXT, str(render(TEXT))  # beyond what a newcomer may
    own = reply(session, post, world.pm, now, "The one of its own.")
    reply(session, post, world.agent, now, "As our colleague says.")
    answers.accept(session, post, own, by=world.stranger, at=now)
    session.commit()
    return post, own


@pytest.fixture
def choose(session, world, now):
    def chosen(**wanted):
        version = settings.of(session, world.acme.id).version
        settings.save(session, Choice(**wanted, version=version), by=world.owner, at=now)
        session.commit()

    return chosen


def pages(post, own):
    """Where something is, and where it leads to."""
    shown = [
        *("/forum", "/forum?sort=unanswered", "/forum?sort=top", "/forum/in/scheduling"),
        *(f"/forum/{post.number}", f"/forum/{post.number}/which-calendar-has-the-crane"),
        *(f"/forum/{post.number}/history", f"/forum/replies/{own.id}/history"),
    ]
    return shown, [f"/forum/replies/{own.id}"]


@pytest.mark.parametrize("who", READERS)
def test_everybody_at_the_portal_reads(crane, reader, who):
    client, (shown, leading) = reader(who), pages(*crane)
    for address in shown:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["X-Robots-Tag"] == "noindex"
    for address in leading:
        place = client.get(address).headers["Location"]
        assert place.startswith(f"/b/acme/forum/{crane[0].number}/")
    assert "Which calendar has the crane?" in client.get("/forum").text
    assert "/b/acme/forum" in client.get("/").text.partition("<main")[0]


@pytest.mark.parametrize("who", READERS)
def test_nothing_is_there_where_the_builder_switched_it_off(crane, reader, choose, who):
    choose(portal_reads=False)
    client, (shown, leading) = reader(who), pages(*crane)
    for address in (*shown, *leading):
        assert client.get(address).status_code == 404, address
    assert "/forum" not in client.get("/").text
    found = client.get("/search?q=calendar+crane").text
    assert "Which calendar" not in found
    choose(portal_reads=True)
    assert client.get("/forum").status_code == 200


@pytest.mark.parametrize("who", READERS)
def test_there_is_nothing_to_press(crane, reader, session, world, now, who):
    thread(session, world.stranger, now, "Talk", kind=Kind.DISCUSSION)
    session.commit()
    client, (shown, _leading) = reader(who), pages(*crane)
    for address in shown:
        main = client.get(address).text.partition("<main")[2].partition("</main>")[0]
        assert 'method="post"' not in main, address
        assert "hx-post" not in main
        assert "sign-in" not in main
        assert "Sign in" not in main
        for word in ("Follow", "New thread", "Quote", "Report", "Digest", "data-thread"):
            assert word not in main, (address, word)


@pytest.mark.parametrize("who", READERS)
def test_every_link_stays_at_the_portal(crane, reader, who):
    client, (shown, _leading) = reader(who), pages(*crane)
    for address in shown:
        main = client.get(address).text.partition("<main")[2].partition("</main>")[0]
        for link in re.findall(r'(?:href|src|action)="([^"]*)"', main):
            assert link.startswith(("/b/acme/", "#", "/static/")), (address, link)


@pytest.mark.parametrize("who", READERS)
def test_no_other_builder_has_a_name_there(crane, reader, world, choose, who):
    client, (shown, leading) = reader(who), pages(*crane)
    for address in (*shown, *leading, "/search?q=calendar", "/search?q=birch"):
        assert world.birch.name.encode() not in client.get(address).data, address
    own = f'<span class="byline__builder">{world.acme.name}</span>'
    assert own in client.get(f"/forum/{crane[0].number}").text
    choose(shows_name=False)
    assert own not in client.get(f"/forum/{crane[0].number}").text
    assert "byline__builder" not in client.get(f"/forum/{crane[0].number}").text


def test_staff_have_their_badge_and_nobody_a_profile(crane, reader):
    said = reader("client").get(f"/forum/{crane[0].number}").text
    assert "post--staff" in said
    assert "/community/members/" not in said


def test_each_portal_goes_by_its_own_builder(crane, app, choose):
    choose(portal_reads=False)
    other = app.test_client()
    other.portal = "birch"
    assert other.get("/forum").status_code == 200
    assert app.test_client().get("/forum").status_code == 200  # the platform is nobody's portal


@pytest.mark.parametrize("who", READERS)
def test_what_changes_something_is_nowhere(crane, reader, session, world, now, who):
    client, (post, own) = reader(who), crane
    for address in (f"/forum/{post.number}", f"/forum/replies/{own.id}"):
        for noun in ("vote", "replies", "following", "flag", "text", "removal", "position", "pin"):
            assert client.post(f"{address}/{noun}").status_code in {404, 405}, noun
    for noun in ("flag", "text", "removal", "order", "title"):
        assert client.get(f"/forum/{post.number}/{noun}").status_code == 404, noun
    for address in ("/forum", "/forum/preview", "/forum/new/draft"):
        assert client.post(address).status_code in {404, 405}
    for address in ("/forum/new", "/forum/digest", "/forum/moderation"):
        assert client.get(address).status_code == 404


def test_what_waits_for_moderators_is_not_there_for_its_author_either(
    session, world, now, app, sign_in, reader
):
    """Somebody may be a client of one builder and work for another."""
    post = thread(session, world.pm, now, "Held")
    post.state = "held"
    session.commit()
    assert sign_in(world.pm).get(f"/forum/{post.number}").status_code == 200
    for who in READERS:
        assert reader(who).get(f"/forum/{post.number}").status_code == 404


@pytest.mark.parametrize("who", READERS)
def test_the_search_of_the_portal_finds_threads_and_leads_there(crane, reader, who):
    found = reader(who).get("/search?q=calendar+crane").text
    assert f'href="/b/acme/forum/{crane[0].number}/which-calendar-has-the-crane"' in found


def test_few_questions_to_the_database(runtime, crane, reader):
    client = reader("client")
    for address in ("/forum", f"/forum/{crane[0].number}"):
        client.get(address)
        with counted(runtime.engine) as seen:
            assert client.get(address).status_code == 200
        assert len([one for one in seen if one != "BEGIN"]) <= 10, "\n".join(seen)


def linked(text):
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    return json.loads(found[1]) if found else None


def test_search_engines_are_told_of_questions(crane, app, reader):
    post, _own = crane
    said = linked(app.test_client().get(f"/forum/{post.number}").text)
    assert said["@type"] == "QAPage"
    asked = said["mainEntity"]
    assert (asked["name"], asked["answerCount"], asked["inLanguage"]) == (post.title, 2, "en")
    assert asked["acceptedAnswer"][0]["text"] == "The one of its own."
    assert asked["acceptedAnswer"][0]["url"].endswith("#r-1")
    assert [one["text"] for one in asked["suggestedAnswer"]] == ["As our colleague says."]
    assert "email" not in json.dumps(said)
    assert linked(reader("visitor").get(f"/forum/{post.number}").text) is None


def test_search_engines_are_told_of_discussions_and_nothing_ends_the_script(
    session, world, now, app
):
    title = "</script><script>alert(1)</script>"
    new = NewPost(Kind.DISCUSSION, "scheduling", "en", title, "Talk & <b>more</b>")
    post = begin(session, new, by=world.pm, at=now).post
    reply(session, post, world.agent, now, "Yes.")
    session.commit()
    text = app.test_client().get(f"/forum/{post.number}").text
    assert "<script>alert" not in text
    said = linked(text)
    assert (said["@type"], said["headline"]) == ("DiscussionForumPosting", title)
    assert [one["text"] for one in said["comment"]] == ["Yes."]


def test_what_is_removed_is_told_to_no_machine(session, world, now, app, crane):
    post, own = crane
    removing.remove_reply(session, post, own, "Rude", by=world.agent, at=now)
    session.commit()
    said = linked(app.test_client().get(f"/forum/{post.number}").text)
    assert "The one of its own." not in json.dumps(said)
    assert "acceptedAnswer" not in said["mainEntity"]
