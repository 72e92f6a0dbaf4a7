"""A person's data in one file."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.accounts.models import AuditEntry, Membership
from portal.core.permissions import Role
from portal.forum.service import voting
from portal.ideas.service import commenting, submitting
from portal.ideas.service.submitting import Words
from portal.notifications.models import Notification
from portal.privacy.service import exporting
from portal.privacy.shelf import Shelf
from tests.fixtures.world import NOW, World
from tests.forum.making import reply, thread
from tests.privacy.conftest import EMAIL, NAME, Past, seen

pytestmark = pytest.mark.usefixtures("noon")


def test_it_holds_what_the_person_may_see(session, past: Past, world: World, made) -> None:
    data, bundle = made(exporting.ask_for_oneself(session, by=past.actor, at=NOW))
    assert data["profile"]["email"] == EMAIL
    assert [one["company"] for one in data["memberships"]] == ["Acme Homes"]
    (ticket,) = data["tickets"]
    assert ticket["subject"] == f"{NAME} can't get in"
    said = [one["text"] for one in ticket["messages"]]
    assert any("is it better" in one for one in said)
    assert any("Yours" in one for one in said)
    assert len(data["sign_ins"]) == 1
    assert [one["name"] for one in data["tokens"]] == ["laptop"]
    assert data["drafts"][0]["fields"] == {"body": f"I am {NAME}"}
    assert [one["act"] for one in data["acts"]] == ["brand.saved"]
    assert data["notifications"]
    (file,) = ticket["files"]
    assert bundle.read(file) == b"plan of the house"
    assert NAME in bundle.read("index.html").decode()


def test_it_holds_no_notes_no_secrets_and_no_word_of_the_platform(session, past, made) -> None:
    _data, bundle = made(exporting.ask_for_oneself(session, by=past.actor, at=NOW))
    for name in ("data.json", "index.html"):
        text = bundle.read(name).decode()
        assert "Internal:" not in text
        assert "corbel_" not in text
        assert "digest" not in text
        assert "Corbel" not in text


def test_it_holds_what_they_wrote_and_chose_in_the_community(session, world, made) -> None:
    post = thread(session, world.pm, NOW, "About cranes", "My crane")
    answer = reply(session, post, world.stranger, NOW, "Their words")
    voting.upvote(session, answer, by=world.pm, at=NOW)
    wish = submitting.submit(
        session, Words("More cranes", "On each site"), language="en", by=world.pm, at=NOW
    )
    commenting.comment(session, wish, "Soon, please", by=world.pm, at=NOW)
    session.commit()
    data, _bundle = made(exporting.ask_for_oneself(session, by=world.pm, at=NOW))
    found = data["community"]
    assert found["threads"][0]["body"] == "My crane"
    assert found["ideas"][0]["title"] == "More cranes"
    assert found["comments_on_ideas"][0]["body"] == "Soon, please"
    assert len(found["votes"]) == len(found["votes_for_ideas"]) == len(found["follows"]) == 1
    assert "Their words" not in json.dumps(data)
    member = session.scalars(select(Membership).where(Membership.user_id == world.pm.user_id)).one()
    data, _bundle = made(exporting.ask_for(session, member, by=world.owner, at=NOW))
    assert data["community"]["threads"]
    assert "votes" not in data["community"]


def test_a_member_of_two_builders(session, past, enrol, leave_traces, world, made) -> None:
    """Each builder has its own part, the person everything."""
    _actor, second = enrol(world.birch, Role.ADMIN)
    session.commit()
    birch = leave_traces(_actor, second)
    assert birch.ticket.builder_id == world.birch.id
    own = exporting.ask_for(session, past.membership, by=world.owner, at=NOW)
    data, _bundle = made(own)
    assert [one["company"] for one in data["memberships"]] == ["Acme Homes"]
    assert {one["company"] for one in data["tickets"]} == {"Acme Homes"}
    assert len(data["drafts"]) == len(data["acts"]) == 1
    assert "Birch" not in json.dumps(data)
    data, _bundle = made(exporting.ask_for_oneself(session, by=birch.actor, at=NOW))
    assert {one["company"] for one in data["tickets"]} == {"Acme Homes", "Birch Build"}
    data, _bundle = made(exporting.ask_for_oneself(session, by=past.actor, at=NOW))
    assert "Birch" not in json.dumps(data), "at a portal nothing is told of another"


def test_one_at_a_time(session, past: Past, world: World, build) -> None:
    first = exporting.ask_for_oneself(session, by=past.actor, at=NOW)
    session.commit()
    assert exporting.ask_for_oneself(session, by=past.actor, at=NOW).id == first.id
    session.rollback()
    assert build() == 1
    assert exporting.ask_for_oneself(session, by=past.actor, at=NOW).id != first.id


def test_who_asked_is_told_and_the_ask_for_another_is_written_down(
    session, past: Past, world: World, made
) -> None:
    made(exporting.ask_for(session, past.membership, by=world.owner, at=NOW))
    told = session.scalars(select(Notification).where(Notification.kind == "export_ready")).one()
    assert told.user_id == world.owner.user_id
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "export.asked")).one()
    assert (entry.builder_id, entry.about) == (world.acme.id, NAME)


def test_a_new_file_replaces_the_old_and_a_week_later_it_is_gone(
    session, runtime, past: Past, made, build, shelf: Shelf
) -> None:
    first = exporting.ask_for_oneself(session, by=past.actor, at=NOW)
    made(first)
    second = exporting.ask_for_oneself(session, by=past.actor, at=NOW)
    made(second)
    seen(session, first)
    assert first.state == "gone"
    files = runtime.settings.data / "exports"
    assert [path.stem for path in files.iterdir()] == [second.id.hex]
    assert build(NOW + timedelta(days=6)) == 0
    assert build(NOW + timedelta(days=7)) == 1
    seen(session, second)
    assert second.state == "gone"
    assert not list(files.iterdir())


def test_what_a_killed_process_was_making_is_made_anew(
    session, runtime, past: Past, build, monkeypatch
) -> None:
    export = exporting.ask_for_oneself(session, by=past.actor, at=NOW)
    session.commit()

    def die(*_args: object) -> None:
        raise SystemExit

    monkeypatch.setattr(exporting.archive, "add_data", die)
    with pytest.raises(SystemExit):
        build()
    monkeypatch.undo()
    assert build(NOW + timedelta(minutes=1)) == 0, "it may still be running"
    assert build(NOW + exporting.LEASE) == 1
    seen(session, export)
    assert export.state == "ready"


def test_what_fails_again_and_again_is_given_up(
    session, runtime, past: Past, build, monkeypatch, caplog
) -> None:
    export = exporting.ask_for_oneself(session, by=past.actor, at=NOW)
    session.commit()

    def fail(*_args: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(exporting.archive, "add_data", fail)
    for turn in range(exporting.MOST_ATTEMPTS):
        seen(session, export)
        assert export.state == "wanted"
        build(NOW + turn * exporting.LEASE)
    seen(session, export)
    assert export.state == "failed"
    assert not list(Path(runtime.settings.data / "exports").iterdir())
