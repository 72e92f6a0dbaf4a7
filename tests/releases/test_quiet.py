"""What is being prepared is not told by anything that others get: not by a word, a number, a gap, a
count, a mark or a time."""

import re
from datetime import timedelta

import pytest

from portal.releases.service import publishing, scheduling
from portal.releases.service.drafting import Words, Written, edit
from tests.fixtures.world import NOW
from tests.ideas.making import idea
from tests.releases.making import note, published

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("noon")]
CANARY = "Zephyrine"
PAGES = (
    "/whats-new",
    "/whats-new?module=scheduling",
    "/whats-new?module=invoicing",
    "/whats-new/1001",
    "/whats-new/1002",
    "/whats-new.rss",
    "/whats-new.rss?lang=es",
    "/whats-new.json",
    f"/search?q={CANARY}",
    "/search?q=steps&kind=release",
    "/ideas",
    "/ideas/1001",
    "/sitemap.xml",
    "/",
)
API = ("/api/v1/support/releases", "/api/v1/support/search")
VARYING = re.compile(
    r'nonce="[^"]*"|name="(?:csrf_token|press)" value="[^"]*"'
    r'|"X-CSRFToken": "[^"]*"|<code>[^<]*</code>'
)
HEADERS = ("ETag", "Last-Modified", "Content-Type", "Vary", "Cache-Control")


def told(answer):
    """All that stays the same from one asking to the next."""
    marks = [(name, answer.headers.get(name)) for name in HEADERS]
    return answer.status_code, VARYING.sub("", answer.text), marks


def everything(app, sign_in, speak, world):
    readers = {"visitor": app.test_client(), "owner": sign_in(world.owner)}
    readers["agent"] = sign_in(world.agent)
    for reader in readers.values():
        reader.get("/whats-new")
    pages = {
        (who, path): told(reader.get(path)) for who, reader in readers.items() for path in PAGES
    }
    for path in API:
        pages["program", path] = told(
            speak(world.owner).get(path, q=CANARY)
            if "search" in path
            else speak(world.owner).get(path)
        )
    return pages


@pytest.fixture
def wished(session, world):
    made = idea(session, world.owner)
    published(session, world.manager, "First steps")
    session.commit()
    return made


def prepare(session, world, wished):
    """A draft that was changed, and one that waits for its time."""
    words = {code: Words(f"{CANARY} {code}", CANARY, f"All of {CANARY}") for code in ("en", "es")}
    later = NOW + timedelta(minutes=5)
    for title in ("drafted", "scheduled"):
        made = note(session, world.manager, f"{CANARY} {title}", at=later, ideas=[wished.id])
        written = Written(words, "9.9", ("scheduling",), [wished.id])
        edit(session, made, written, made.edition, by=world.manager, at=later)
    scheduling.schedule(session, made, NOW + timedelta(days=1), by=world.manager, at=later)
    session.commit()
    return made


def test_nothing_that_is_public_changes_while_notes_are_prepared(
    app, session, world, sign_in, speak, wished
):
    before = everything(app, sign_in, speak, world)
    secret = prepare(session, world, wished)
    after = everything(app, sign_in, speak, world)
    assert {place for place in before if before[place] != after[place]} == set()
    for key in (secret.id,):
        assert speak(world.owner).get(f"/api/v1/support/releases/{key}").status_code == 404
        assert speak(world.manager).get(f"/api/v1/support/releases/{key}").status_code == 404


def test_numbers_show_no_gap_where_something_was_prepared(session, world, wished):
    first = published(session, world.manager, "Second steps")
    prepare(session, world, wished)
    second = published(session, world.manager, "Third steps")
    assert second.number == first.number + 1


def test_what_is_withdrawn_leaves_no_word(app, session, world, sign_in, speak):
    empty = everything(app, sign_in, speak, world)
    gone = published(session, world.manager, f"{CANARY} shown", modules=("invoicing",))
    session.commit()
    shown = everything(app, sign_in, speak, world)
    assert any(CANARY in text for _status, text, _marks in shown.values() if text)
    publishing.withdraw(session, gone, by=world.manager, at=NOW)
    session.commit()
    after = everything(app, sign_in, speak, world)
    for place, found in after.items():
        if "search" not in place[1]:  # where the words that were asked stand again
            assert CANARY not in found[1], place
    assert after["visitor", "/whats-new.rss"] == empty["visitor", "/whats-new.rss"]


def test_ticks_of_ideas_tell_nothing_of_a_note(session, world, wished):
    prepare(session, world, wished)
    assert wished.status == "submitted"
    assert wished.shipped_in_version is None
