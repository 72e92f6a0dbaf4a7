"""Beginning threads and writing in them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core.permissions import Forbidden
from portal.forum.models import Follow, Post, Reply
from portal.forum.service import moderating, posting
from portal.forum.service.posting import Locked, NewPost
from portal.forum.service.texts import NothingWritten, TooLong
from tests.forum.making import Kind, reply, thread
from tests.support.racing import one_after_the_other


def test_a_thread_says_who_wrote_it_and_for_whom(session, world, now):
    post = thread(session, world.pm, now)
    assert (post.author_id, post.author_name) == (world.pm.user_id, world.pm.name)
    assert post.builder_id == world.acme.id
    assert "<strong>four</strong>" in post.body_html
    assert not post.is_staff


def test_each_thread_has_the_next_number(session, world, now):
    first = thread(session, world.pm, now)
    assert thread(session, world.stranger, now).number == first.number + 1


def test_replies_are_counted_and_numbered(session, world, now):
    post = thread(session, world.pm, now)
    reply(session, post, world.stranger, now + timedelta(hours=1))
    last = reply(session, post, world.agent, now + timedelta(hours=2))
    assert (post.reply_count, post.last_number, last.number) == (2, 2, 2)
    assert post.active_at == now + timedelta(hours=2)
    assert post.last_name == world.agent.name
    assert post.staff_replied_at == now + timedelta(hours=2)


def test_the_first_word_of_staff_stays_the_first(session, world, now):
    post = thread(session, world.pm, now)
    reply(session, post, world.agent, now + timedelta(hours=1))
    reply(session, post, world.agent, now + timedelta(hours=2))
    assert post.staff_replied_at == now + timedelta(hours=1)


def test_whoever_writes_follows(session, world, now):
    post = thread(session, world.pm, now)
    reply(session, post, world.stranger, now)
    reply(session, post, world.stranger, now)
    followers = set(session.scalars(select(Follow.user_id).where(Follow.post_id == post.id)))
    assert followers == {world.pm.user_id, world.stranger.user_id}


def test_the_same_press_is_one_thread_and_one_reply(session, world, now):
    new = NewPost(Kind.QUESTION, "scheduling", "en", "Twice", "Pressed twice", key="k")
    first = posting.begin(session, new, by=world.pm, at=now).post
    assert posting.begin(session, new, by=world.pm, at=now).post is first
    one = posting.reply(session, first, "Yes", "r", by=world.pm, at=now).reply
    assert posting.reply(session, first, "Yes", "r", by=world.pm, at=now).reply is one
    assert session.scalars(select(Reply)).all() == [one]


def test_somebody_elses_key_gives_nothing_of_theirs(session, world, now):
    new = NewPost(Kind.QUESTION, "scheduling", "en", "Mine", "Words", key="k")
    posting.begin(session, new, by=world.pm, at=now)
    with pytest.raises(posting.SentTwice):
        posting.begin(session, new, by=world.stranger, at=now)


def test_nobody_writes_in_a_locked_thread_but_moderators(session, world, now):
    post = thread(session, world.pm, now)
    moderating.lock(session, post, by=world.agent, at=now)
    with pytest.raises(Locked):
        reply(session, post, world.stranger, now)
    assert reply(session, post, world.agent, now).number == 1


@pytest.mark.parametrize("who", ["client"])
def test_clients_read_only(session, world, now, who):
    with pytest.raises(Forbidden):
        thread(session, getattr(world, who), now)


@pytest.mark.parametrize("body", ["", "  \n ", "\0"])
def test_words_are_needed(session, world, now, body):
    with pytest.raises(NothingWritten):
        thread(session, world.pm, now, body=body)


def test_what_is_too_long_is_refused(session, world, now):
    with pytest.raises(TooLong):
        thread(session, world.pm, now, body="x" * 100_000)
    assert not session.scalars(select(Post)).all()


def test_passwords_are_not_kept(session, world, now):
    new = NewPost(
        Kind.QUESTION, "auth", "en", "Sign-in", "My password: hunter2-Secret! does not work"
    )
    posted = posting.begin(session, new, by=world.pm, at=now)
    assert posted.masked
    assert "hunter2" not in posted.post.body + posted.post.body_html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "![x](https://evil.example/pixel.png)",
        "\u202egnp.exe",
        "> " * 4000 + "deep",
        "[" * 3000,
        "@" + "a" * 500,
        " ".join(f"@name{number}" for number in range(500)),
        " ".join(f"https://example.com/{number}" for number in range(200)),
    ],
)
def test_hostile_text_does_no_harm(session, world, now, text):
    html = thread(session, world.pm, now, body=text).body_html
    for bad in ("<script", "<img src", 'href="javascript'):
        assert bad not in html


@pytest.mark.parametrize("title", ["🏗️🏗️🏗️", "כיצד מוסיפים ימי גשם?", "x" * 300, "<b>bold</b>"])
def test_titles_of_all_kinds(session, world, now, title):
    assert thread(session, world.pm, now, title=title).title == title


def test_two_replies_at_one_moment_get_two_numbers(app, session, world, now):
    post = thread(session, world.pm, now)
    session.commit()

    def answer(by):
        def write(own):
            reply(own, own.get_one(Post, post.id), by, now)

        return write

    first, second = answer(world.pm), answer(world.owner)
    one_after_the_other(app, world.acme.id, first, second)
    session.expire_all()
    numbers = session.scalars(select(Reply.number).order_by(Reply.number)).all()
    assert list(numbers) == [1, 2]
    assert session.get_one(Post, post.id).reply_count == 2
