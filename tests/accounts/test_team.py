"""Invitations, roles and the end of them, in a company and among staff."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts import service as accounts
from portal.accounts.models import (
    ApiToken,
    AuditEntry,
    Invitation,
    Login,
    Membership,
    SupportAgent,
    User,
)
from portal.accounts.service import create_token, hash_password, invitations
from portal.accounts.service.team import LEFT
from portal.core.permissions import Role
from portal.core.ticket_states import Verb
from portal.foundation import outbox
from portal.foundation.clock import utcnow
from portal.foundation.tenancy import PLATFORM, see
from portal.policy import desk_rules
from portal.tickets import subscribers
from portal.tickets.models import TicketEvent
from portal.tickets.service import assignment, handling, states
from tests.accounts.reading import letters_to, path_in
from tests.fixtures.world import NOW, PASSWORD
from tests.tickets.making import filed

pytestmark = pytest.mark.usefixtures("noon")
PEOPLE = "/company/people"
NEW = "three grey herons wade"


def browser(app, portal=""):
    client = app.test_client()
    client.portal = portal
    return client


def membership_of(session, actor):
    session.rollback()
    return session.scalars(
        select(Membership).where(Membership.user_id == actor.user_id)
    ).one_or_none()


def acts(session):
    session.rollback()
    return [
        (row.act, row.about) for row in session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    ]


@pytest.fixture
def invited(world, sign_in, runtime):
    """Invite somebody, and the path that their letter leads to."""

    def invite(email="new@acme.test", role="pm", by=None, place=PEOPLE, **more):
        data = {"email": email, "role": role, "locale": "en"} | more
        answer = sign_in(by or world.owner).post(f"{place}/invitations", data=data)
        assert answer.status_code == 303, answer.text
        return path_in(letters_to(runtime, email.strip().lower(), utcnow())[-1])

    return invite


def test_somebody_new_says_who_they_are_and_is_in(app, invited, session, runtime, world):
    path = invited(" New@Acme.test ")
    client = browser(app)
    page = client.get(path).text
    for words in ("Acme Homes", "Project manager", "new@acme.test"):
        assert words in page
    assert client.get(path).headers["Referrer-Policy"] == "no-referrer"
    weak = client.post(path, data={"name": "Nora New", "password": "newnewnewnew"})
    assert weak.status_code == 422
    assert client.post(path, data={"name": "Nora New", "password": NEW}).location == "/"
    assert "Nora New" in client.get("/account").text
    session.rollback()
    user = session.scalars(select(User).where(User.email == "new@acme.test")).one()
    assert user.email_verified_at == NOW
    assert browser(app).get(path).status_code == 410
    given = {"email": "new@acme.test", "password": NEW}
    assert browser(app).post("/sign-in", data=given).status_code == 303
    assert acts(session) == [
        ("person.invited", "new@acme.test"),
        ("person.joined", "new@acme.test"),
    ]


def test_nobody_belongs_before_they_said_yes(invited, session, world):
    path = invited("agent1@corbel.test")
    assert path.startswith("/invitations/")
    assert len([membership_of(session, world.agent)]) == 1
    assert membership_of(session, world.agent).builder_id is None


def test_who_has_an_account_signs_in_to_accept(app, invited, session, world):
    user = session.get(User, world.stranger.user_id)
    user.password_hash, user.email_verified_at = hash_password(PASSWORD), NOW
    session.commit()
    path = invited("owner@birch.test", "admin")
    client = browser(app)
    page = client.get(path).text
    assert "sign in to accept" in page
    assert "Your name" not in page
    wrong = client.post(path, data={"password": "wrong", "name": "Eve"})
    assert wrong.status_code == 422
    assert client.post(path, data={"password": PASSWORD}).status_code == 303
    assert "Acme Homes" in client.get("/account").text
    session.rollback()
    assert session.get(User, user.id, populate_existing=True).name == user.name


def test_who_is_signed_in_already_only_says_yes(app, invited, session, world, sign_in):
    session.get(User, world.stranger.user_id).email_verified_at = NOW
    session.commit()
    path = invited("owner@birch.test", "admin")
    client = sign_in(world.stranger)
    assert 'name="password"' not in client.get(path).text
    assert client.post(path).status_code == 303
    assert "Acme Homes" in client.get("/account").text


def test_an_account_that_nobody_verified_links_to_nothing(app, invited, session, world, sign_in):
    """Somebody may have made it under an address that is not theirs."""
    squatter = sign_in(world.stranger)
    token = create_token(session, "owner@birch.test", "old", at=NOW)
    session.get(User, world.stranger.user_id).password_hash = hash_password(PASSWORD)
    session.commit()
    path = invited("owner@birch.test", "pm")
    client = browser(app)
    assert 'autocomplete="new-password"' in client.get(path).text
    client.post(path, data={"name": "The real one", "password": NEW})
    assert squatter.get("/account").status_code == 302
    given = {"email": "owner@birch.test", "password": PASSWORD}
    assert browser(app).post("/sign-in", data=given).status_code == 422
    session.rollback()
    kept = session.get(ApiToken, token.token.id, populate_existing=True)
    assert kept.revoked_at == NOW


@pytest.mark.parametrize("role", ["client", "vendor"])
def test_clients_and_vendors_are_invited_to_the_portal(app, invited, runtime, role):
    path = invited("new@home.test", role)
    assert path.startswith("/b/acme/invitations/")
    letter = letters_to(runtime, "new@home.test", NOW)[-1]
    assert "Corbel" not in letter.text + (letter.html or "") + letter.sender_name
    assert browser(app).get(path.removeprefix("/b/acme")).status_code == 410
    client = browser(app, "acme")
    answer = client.post(path, data={"name": "Nora New", "password": NEW})
    assert answer.location == "/b/acme/"
    assert client.get("/account").status_code == 200


def test_an_invitation_whose_sender_is_gone_comes_from_the_company(world, sign_in, runtime):
    data = {"email": "new@home.test", "role": "client", "locale": "en"}
    sign_in(world.owner).post(f"{PEOPLE}/invitations", data=data)
    with runtime.writers.begin() as session:
        see(session, PLATFORM)
        session.scalars(select(Invitation)).one().invited_by = None
    letter = letters_to(runtime, "new@home.test", NOW)[-1]
    assert "Acme Homes invites you" in letter.text
    assert "Corbel" not in letter.text + (letter.html or "")


def test_an_invitation_ends_after_a_week_and_when_it_is_taken_back(
    app, invited, session, world, sign_in, noon
):
    path = invited()
    noon.shift(invitations.LASTS)
    assert browser(app).get(path).status_code == 200
    noon.shift(timedelta(seconds=1))
    assert browser(app).get(path).status_code == 410
    session.rollback()
    key = session.scalars(select(Invitation.id)).one()
    owner = sign_in(world.owner)
    assert "The link has expired" in owner.get(PEOPLE).text
    owner.post(f"{PEOPLE}/invitations/{key}/repetition")
    assert browser(app).get(path).status_code == 410


def test_a_second_letter_takes_the_place_of_the_first(
    app, invited, session, world, sign_in, runtime
):
    first = invited()
    session.rollback()
    key = session.scalars(select(Invitation.id)).one()
    owner = sign_in(world.owner)
    owner.post(f"{PEOPLE}/invitations/{key}/repetition")
    second = path_in(letters_to(runtime, "new@acme.test", NOW)[-1])
    assert first != second
    assert browser(app).get(first).status_code == 410
    assert browser(app).get(second).status_code == 200
    owner.post(f"{PEOPLE}/invitations/{key}/revocation")
    assert browser(app).post(second, data={"name": "N", "password": NEW}).status_code == 410
    assert "Nobody is waiting" in owner.get(PEOPLE).text
    assert [act for act, _about in acts(session)] == [
        "person.invited",
        "invitation.sent_again",
        "invitation.revoked",
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"email": "pm@acme.test"}, "belongs here already"),
        ({"email": "x"}, "Enter an address such as"),
        ({"email": ""}, "Enter the address of whom you invite."),
        ({"email": "a@b.test\r\nBcc: c@d.test"}, "Enter an address such as"),
        ({"role": "platform_admin"}, "Choose a role of the list."),
        ({"role": "agent"}, "Choose a role of the list."),
        ({"role": ""}, "Choose a role of the list."),
    ],
)
def test_what_can_not_be_is_refused_and_kept_in_the_form(world, sign_in, session, data, words):
    given = {"email": "new@acme.test", "role": "pm", "locale": "en"} | data
    answer = sign_in(world.owner).post(f"{PEOPLE}/invitations", data=given)
    assert answer.status_code == 422
    assert words in answer.text
    assert session.scalars(select(Invitation)).all() == []


def test_nobody_is_invited_twice(invited, world, sign_in):
    invited()
    data = {"email": "new@acme.test", "role": "pm", "locale": "en"}
    answer = sign_in(world.owner).post(f"{PEOPLE}/invitations", data=data)
    assert answer.status_code == 422
    assert "has an invitation already" in answer.text


def make(session, actor, role):
    session.rollback()
    session.scalars(select(Membership).where(Membership.user_id == actor.user_id)).one().role = role
    session.commit()


def test_an_admin_makes_no_owner_and_unmakes_none(session, world, sign_in):
    make(session, world.pm, "admin")
    admin = sign_in(world.pm)
    owner = membership_of(session, world.owner)
    data = {"email": "new@acme.test", "role": "owner", "locale": "en"}
    assert admin.post(f"{PEOPLE}/invitations", data=data).status_code == 422
    assert "Only an owner decides who is one." in admin.get(f"{PEOPLE}/{owner.id}").text
    assert admin.post(f"{PEOPLE}/{owner.id}/role", data={"role": "pm"}).status_code == 409
    assert admin.post(f"{PEOPLE}/{owner.id}/removal").status_code == 409
    assert membership_of(session, world.owner).role == "owner"


def test_own_role_and_the_last_owner_stay(session, world, sign_in):
    own = membership_of(session, world.owner)
    owner = sign_in(world.owner)
    assert owner.post(f"{PEOPLE}/{own.id}/role", data={"role": "pm"}).status_code == 409
    assert owner.post(f"{PEOPLE}/{own.id}/removal").status_code == 409
    page = owner.get(f"{PEOPLE}/{own.id}/removal").text
    assert "Nobody changes their own role" in page
    assert 'kind="danger"' not in page


def test_a_new_role_counts_at_once(session, world, sign_in):
    pm, owner = sign_in(world.pm), sign_in(world.owner)
    member = membership_of(session, world.pm)
    answer = owner.post(f"{PEOPLE}/{member.id}/role", data={"role": "admin"})
    assert answer.location == PEOPLE
    assert pm.get("/account").status_code == 302
    assert sign_in(world.pm).get(PEOPLE).status_code == 200
    assert acts(session) == [("role.changed", "pm@acme.test")]


def test_who_is_removed_is_out_at_once_with_their_tokens(app, session, world, sign_in, speak):
    pm, program = sign_in(world.pm), speak(world.pm)
    owner = sign_in(world.owner)
    member = membership_of(session, world.pm)
    assert "Remove Pm?" in owner.get(f"{PEOPLE}/{member.id}/removal").text
    assert owner.post(f"{PEOPLE}/{member.id}/removal").location == PEOPLE
    assert pm.get("/account").status_code == 302
    answer = program.client.get("/api/v1/support/tickets", headers=program.headers)
    assert answer.status_code == 401
    session.rollback()
    assert session.scalars(select(Login).where(Login.user_id == world.pm.user_id)).all() == []
    assert session.get(User, world.pm.user_id) is not None
    assert acts(session) == [("person.removed", "pm@acme.test")]


def test_the_list_is_searched_and_shows_its_own_people_alone(world, sign_in):
    owner = sign_in(world.owner)
    page = owner.get(PEOPLE).text
    assert "client@acme.test" in page
    assert "birch.test" not in page
    found = owner.get(f"{PEOPLE}?q=CLIENT").text
    assert "client@acme.test" in found
    assert "pm@acme.test" not in found
    for odd in ("%25", "_", "'", "zzz"):
        assert "Nobody is called that" in owner.get(f"{PEOPLE}?q={odd}").text


def test_the_list_goes_on(session, world, sign_in):
    import re

    from portal.accounts.service import add_member

    for number in range(30):
        add_member(
            session,
            email=f"p{number:02}@acme.test",
            name=f"P {number}",
            role=Role.FIELD,
            builder=world.acme,
            password="",
            at=NOW,
        )
    session.commit()
    owner = sign_in(world.owner)
    seen, path = set(), PEOPLE
    while path:
        text = owner.get(path).text
        seen |= set(re.findall(r"[a-z0-9]+@acme\.test", text))
        older = re.search(r'rel="next" href="([^"]+)"', text)
        path = older[1].replace("&amp;", "&") if older else ""
    assert len(seen) == 33
    assert owner.get(f"{PEOPLE}?cursor=x").status_code == 400


@pytest.mark.parametrize("name", ["pm", "agent", "manager", "admin", "client"])
def test_only_who_runs_a_company_sees_its_people(world, sign_in, name):
    actor = getattr(world, name)
    assert sign_in(actor).get(PEOPLE).status_code in {403, 404}


@pytest.mark.parametrize("name", ["owner", "pm", "agent", "manager"])
def test_only_the_platforms_admin_sees_staff(world, sign_in, name):
    assert sign_in(getattr(world, name)).get("/staff/people").status_code == 403


def test_an_agent_comes_with_tier_and_specialities(app, invited, session, world):
    more = {"tier": "2", "specialties": "Scheduling, billing,", "languages": ["en", "es"]}
    path = invited("ana@corbel.test", "agent", world.admin, "/staff/people", **more)
    client = browser(app)
    assert client.post(path, data={"name": "Ana Torres", "password": NEW}).location == "/"
    assert client.get("/queue").status_code == 200
    session.rollback()
    agent = session.scalars(select(SupportAgent).where(SupportAgent.tier == 2)).all()[-1]
    assert (agent.display_name, agent.specialties) == ("Ana Torres", ["scheduling", "billing"])
    assert agent.languages == ["en", "es"]


def test_an_agent_who_leaves_takes_no_tickets(session, world, sign_in):
    admin = sign_in(world.admin)
    member = membership_of(session, world.agent)
    assert admin.post(f"/staff/people/{member.id}/removal").status_code == 303
    session.rollback()
    agent = session.scalars(
        select(SupportAgent).where(SupportAgent.user_id == world.agent.user_id)
    ).one()
    assert agent.is_available is False


def test_what_a_leaving_agent_had_is_nobodys_again(session, world, sign_in, runtime, pack):
    ticket = filed(session, pack, world.owner, NOW)
    assignment.take(session, ticket, by=world.agent, at=NOW)
    session.commit()
    member = membership_of(session, world.agent)
    sign_in(world.admin).post(f"/staff/people/{member.id}/removal")
    outbox.drain(runtime.writers, {LEFT: subscribers.SUBSCRIBERS[LEFT]}, at=NOW)
    session.rollback()
    session.refresh(ticket)
    assert ticket.assigned_to is None


@pytest.mark.parametrize("end", ["removal", "role"])
def test_what_one_had_at_a_builders_desk_is_the_teams_again(session, world, sign_in, runtime, end):
    """Of whoever is gone, or a client now. What the same person has at another builder's stays."""
    member = membership_of(session, world.pm)
    others = {"builder": world.birch, "name": "", "password": "", "at": NOW}
    accounts.add_member(session, email=world.pm.email, role=Role.PM, **others)
    eve = accounts.add_member(session, email="eve@birch.test", role=Role.CLIENT, **others)
    asked = {"severity": "normal", "category": "bug"}
    held, closed, elsewhere = (
        filed(session, desk_rules.model_for(session, by), by, NOW, key=key, **asked)
        for by, key in ((world.client, "a"), (world.client, "b"), (accounts.actor(eve, None), "c"))
    )
    for ticket in (held, closed, elsewhere):
        handling.take_up(session, ticket, world.pm.user_id, at=NOW)
    states.move(session, closed, Verb.CLOSE, "closed", by=world.owner, at=NOW)
    session.commit()
    sign_in(world.owner).post(f"{PEOPLE}/{member.id}/{end}", data={"role": "client"})
    outbox.drain(runtime.writers, {LEFT: subscribers.SUBSCRIBERS[LEFT]}, at=NOW)
    session.rollback()
    session.expire_all()
    assert held.handler_id is None
    assert (closed.handler_id, elsewhere.handler_id) == (world.pm.user_id, world.pm.user_id)
    rows = select(TicketEvent).where(TicketEvent.ticket_id == held.id).order_by(TicketEvent.id)
    told = session.scalars(rows).all()[-1]
    assert (told.kind, told.by_id, told.facts["to"]) == ("handed", None, "")


def test_the_last_platform_admin_stays(session, world, sign_in):
    make(session, world.manager, "platform_admin")
    admin, other = sign_in(world.admin), membership_of(session, world.manager)
    assert admin.post(f"/staff/people/{other.id}/role", data={"role": "agent"}).status_code == 303
    own = membership_of(session, world.admin)
    assert admin.post(f"/staff/people/{own.id}/removal").status_code == 409


def test_a_colleagues_second_step_is_reset_and_written_down(session, world, sign_in, runtime):
    admin = sign_in(world.admin)
    member = membership_of(session, world.agent)
    answer = admin.post(f"/staff/people/{member.id}/second-factor/reset")
    assert answer.status_code == 303
    assert acts(session) == [("second_factor.reset", "agent1@corbel.test")]
    told = letters_to(runtime, "agent1@corbel.test", NOW)[-1]
    assert "was reset by an administrator" in told.text
    own = membership_of(session, world.admin)
    assert admin.post(f"/staff/people/{own.id}/second-factor/reset").status_code == 409
    company = membership_of(session, world.pm)
    assert admin.post(f"/staff/people/{company.id}/second-factor/reset").status_code == 404
