"""Opening, listing and reading tickets through the API."""

import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from portal.foundation.tenancy import PLATFORM, see
from portal.policy.explain import explain
from portal.policy.models import EmergencyWindow
from portal.tickets.models import Message, Ticket
from tests.fixtures.programs import TICKETS, ticket

SECRET = "sk_live_4eC39HqLyjWDarjtT1zdp7dc"  # the shape of a key; nobody's


@pytest.fixture
def owner(world, speak):
    return speak(world.owner)


@pytest.fixture
def agent(world, speak):
    return speak(world.agent)


def test_a_ticket_is_opened_and_found_where_the_answer_says(owner, world):
    answer = owner.post(TICKETS, ticket(severity="P2", category="scheduling", module="scheduling"))
    assert answer.status_code == 201
    made = answer.json
    assert answer.headers["Location"] == f"{TICKETS}/{made['id']}"
    assert made["severity"] == "P2"
    assert made["status"] == "open"
    assert made["source"] == "api"
    assert made["builder_id"] == str(world.acme.id)
    assert made["user_id"] == str(world.owner.user_id)
    assert made["plan"] == "business"
    assert made["url"].endswith(f"/tickets/{made['number']}")
    found = owner.get(answer.headers["Location"]).json
    assert found == found | {key: made[key] for key in found if key not in {"messages"}}
    assert found["messages"] == []


def test_it_is_found_by_its_number_too(owner):
    made = owner.open()
    assert owner.get(f"{TICKETS}/{made['number']}").json["id"] == made["id"]


def test_the_promise_is_a_sentence_and_a_time(owner, pack):
    made = owner.open(severity="P2")
    opened = datetime.fromisoformat(made["created_at"])
    respond_by = datetime.fromisoformat(made["respond_by"])
    told = explain(pack, severity="P2", plan="business", channel="in_app", at=opened)
    assert respond_by == told.due.respond_by
    assert made["sla_response_by"] == made["respond_by"]
    assert "Business" in made["promise"]


def test_the_promise_is_said_in_the_language_that_is_asked_for(owner):
    answer = owner.post(TICKETS, ticket(), Accept_Language="es")
    assert "Respondemos" in answer.json["promise"] or "responder" in answer.json["promise"].lower()


def test_what_is_left_out_is_suggested_with_reasons(owner):
    made = owner.open(subject="Everything is down", description="Nobody can open the schedule.")
    about = {reason["about"]: reason for reason in made["reasons"]}
    assert about["severity"]["value"] == made["severity"]
    assert about["category"]["value"] == made["category"] == "scheduling"
    assert about["team"]["value"] == made["team"]
    assert all(reason["why"] for reason in made["reasons"])


def test_what_is_given_is_kept_against_the_suggestion(owner):
    made = owner.open(subject="Everything is down", severity="P4", category="billing")
    assert (made["severity"], made["category"]) == ("P4", "billing")


def test_names_that_the_support_model_lacks_are_refused_with_those_it_has(owner):
    for field in ("severity", "category", "channel"):
        answer = owner.post(TICKETS, ticket(**{field: "weather"}))
        assert answer.status_code == 422
        assert answer.content_type == "application/problem+json"
        (error,) = answer.json["errors"]
        assert error["pointer"] == f"#/{field}"
        assert "one of" in error["detail"]


def test_a_channel_beyond_the_plan_is_refused_with_the_way_to_it(world, speak):
    answer = speak(world.stranger).post(TICKETS, ticket(channel="phone"))
    assert answer.status_code == 403
    assert "Business" in answer.json["detail"]


def test_a_channel_of_the_plan_is_taken(owner):
    assert owner.open(channel="phone")["channel"] == "phone"


def test_nobody_sets_what_is_not_theirs(owner, world, session):
    made = owner.open(
        id=str(uuid4()),
        number=7,
        builder_id=str(world.birch.id),
        user_id=str(world.agent.user_id),
        status="closed",
        assigned_to=str(world.agent.agent_id),
        escalation_tier=3,
        source="email",
        plan="enterprise",
        created_at="2020-01-01T00:00:00Z",
        csat_rating=5,
    )
    row = session.scalars(select(Ticket)).one()
    assert made["id"] == str(row.id)
    assert (row.builder_id, row.requester_id) == (world.acme.id, world.owner.user_id)
    assert (row.number, row.status, row.source, row.plan) == (1001, "open", "api", "business")
    assert (row.assigned_to, row.escalation_tier, row.csat_rating) == (None, 1, None)
    assert row.created_at.year > 2025


def test_secrets_are_masked_everywhere_before_they_are_stored(owner, session):
    made = owner.open(
        subject=f"Key {SECRET} fails",
        description=f"We use {SECRET}.",
        context_url=f"/page?key={SECRET}",
        context_metadata={"headers": [f"Bearer {SECRET}"], "password": "correct-horse-9"},
    )
    row = session.scalars(select(Ticket)).one()
    stored = f"{row.subject}{row.description}{row.context_url}{row.context_metadata}"
    assert SECRET not in stored
    assert "correct-horse-9" not in stored
    assert {found["kind"] for found in made["masked"]} >= {"api_token", "password"}


def test_what_the_sender_confirms_is_left_as_it_is(owner):
    first = owner.open(description="The password: correct-horse-9 is on the poster")
    (found,) = first["masked"]
    again = owner.open(
        description="The password: correct-horse-9 is on the poster",
        confirmed=[found["fingerprint"]],
    )
    assert "correct-horse-9" in again["description"]
    assert again["masked"] == []


def test_files_come_along_in_base64(owner):
    content = base64.b64encode(b"no room left").decode()
    made = owner.open(attachments=[{"filename": "../../a\x07b.txt", "content": content}])
    (file,) = made["attachments"]
    assert file["filename"] == "ab.txt"
    assert file["size"] == 12
    assert f"/tickets/{made['number']}/attachments/" in file["url"]
    assert owner.get(f"{TICKETS}/{made['id']}").json["attachments"] == [file]


def test_files_that_are_none_are_refused_and_make_no_ticket(owner, session):
    zipped = base64.b64encode(b"PK\x03\x04 a zip").decode()
    for name, content in (("a", "no base64!"), ("a", "QUJ"), ("a", ""), ("screen.png", zipped)):
        files = [{"filename": name, "content": content}]
        assert owner.post(TICKETS, ticket(attachments=files)).status_code == 422
    assert session.scalars(select(Ticket)).all() == []


def test_clients_and_vendors_read_nothing_of_the_plan(world, speak):
    made = speak(world.client).open()
    assert made["plan"] == ""
    assert "Business" not in made["promise"]


def test_staff_open_tickets_of_their_own(agent):
    made = agent.open()
    assert made["builder_id"] is None
    assert made["url"].endswith(f"/desk/{made['number']}")


def test_an_emergency_window_shows_in_the_promise_of_a_list(owner, world, session, runtime):
    now = datetime.now(UTC)
    with runtime.writers.begin() as writing:
        see(writing, PLATFORM)
        writing.add(
            EmergencyWindow(
                builder_id=world.acme.id,
                starts_at=now - timedelta(hours=1),
                ends_at=now + timedelta(hours=1),
                hotline="+1 555 0100",
                created_at=now,
            )
        )
    owner.open(severity="P1")
    (listed,) = owner.get().json["items"]
    assert listed["promise"] == owner.get(f"{TICKETS}/{listed['id']}").json["promise"]


REACH = {
    # whose ticket: who sees it
    "owner": {"owner", "agent", "manager"},
    "pm": {"owner", "pm", "agent", "manager"},
    "client": {"owner", "pm", "client"},
    "stranger": {"stranger", "agent", "manager"},
}
WHO = ("owner", "pm", "client", "stranger", "agent", "manager")


@pytest.mark.parametrize("whose", REACH)
def test_everybody_sees_what_is_theirs_and_nothing_else(world, speak, whose):
    made = speak(getattr(world, whose)).open()
    for who in WHO:
        program, seen = speak(getattr(world, who)), who in REACH[whose]
        listed = [one["id"] for one in program.get(desk=made["desk"]).json["items"]]
        assert listed == ([made["id"]] if seen else []), who
        for key in (made["id"], made["number"]):
            assert program.get(f"{TICKETS}/{key}").status_code == (200 if seen else 404)
            assert program.say(key, "Hello").status_code == (201 if seen else 404)
            assert program.move(key, "resolved").status_code == (200 if seen else 404)


def test_foreign_and_unknown_look_the_same(world, speak, owner):
    foreign = speak(world.stranger).open()
    unknown = [str(uuid4()), "9999", "none", "1" * 30, "٣", "%00", "0", "-1", foreign["number"]]

    def said(key):
        answer = owner.get(f"{TICKETS}/{key}")
        return answer.status_code, answer.json | {"request_id": ""}

    assert {key: said(key) for key in unknown} == dict.fromkeys(unknown, said(foreign["id"]))
    assert said(foreign["id"])[0] == 404


def test_notes_and_replies_that_have_not_left_are_hidden_from_customers(owner, agent, session):
    made = owner.open()
    assert agent.say(made["id"], "A thought", is_internal=True).status_code == 201
    assert agent.say(made["id"], "We are on it.").status_code == 201
    assert owner.get(f"{TICKETS}/{made['id']}").json["messages"] == []
    bodies = [one["body"] for one in agent.get(f"{TICKETS}/{made['id']}").json["messages"]]
    assert bodies == ["A thought", "We are on it."]


def test_a_reply_that_has_left_is_read_by_the_customer(owner, agent, session, runtime):
    made = owner.open()
    agent.say(made["id"], "We are on it.")
    with runtime.writers.begin() as writing:
        see(writing, PLATFORM)
        message = writing.scalars(select(Message)).one()
        message.leaves_at -= timedelta(minutes=1)
    (read,) = owner.get(f"{TICKETS}/{made['id']}").json["messages"]
    assert read["body"] == "We are on it."
    assert read["sender_type"] == "agent"


def test_pages_hold_while_tickets_are_added(owner):
    first = [owner.open()["id"] for _ in range(5)]
    page = owner.get(limit=2).json
    seen = [one["id"] for one in page["items"]]
    while page["next_cursor"]:
        owner.open(subject="Meanwhile")
        page = owner.get(limit=2, cursor=page["next_cursor"]).json
        seen += [one["id"] for one in page["items"]]
    assert seen == first[::-1]


def test_a_page_has_25_and_at_most_100(owner, world, speak, session):
    for _ in range(26):
        owner.open()
    page = owner.get().json
    assert len(page["items"]) == 25
    assert len(owner.get(cursor=page["next_cursor"]).json["items"]) == 1
    assert owner.get(limit=101).status_code == 422
    assert owner.get(limit=0).status_code == 422


def test_lists_are_narrowed(owner, agent, world):
    one = owner.open(severity="P1", category="billing")
    two = owner.open(severity="P3", category="scheduling")
    owner.move(two["id"], "resolved")
    assert agent.move(one["id"], "in_progress").status_code == 200

    def ids(program, **query):
        return {item["id"] for item in program.get(**query).json["items"]}

    assert ids(owner, status="resolved") == {two["id"]}
    assert ids(owner, severity="P1") == {one["id"]}
    assert ids(owner, category="scheduling") == {two["id"]}
    assert ids(owner, severity="P1", status="resolved") == set()
    assert ids(agent, assigned="me") == {one["id"]}
    assert ids(agent, assigned="none") == {two["id"]}
    assert ids(agent, builder="acme") == ids(agent, builder=str(world.acme.id))
    assert len(ids(agent, builder="acme")) == 2
    assert ids(agent, builder="birch") == set()


def test_wrong_parameters_are_named(owner):
    for query, field in (
        ({"status": "burning"}, "status"),
        ({"cursor": "bm9uc2Vuc2U"}, "cursor"),
        ({"limit": "many"}, "limit"),
        ({"assignee": "me"}, "assignee"),
        ({"severity": ["P1", "P2"]}, "severity"),
    ):
        answer = owner.get(**query)
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json["errors"]] == [field]


def test_builders_of_another_name_are_no_way_round(owner, world, speak):
    speak(world.stranger).open()
    assert owner.get(builder="birch").json["items"] == []


def test_an_id_is_a_uuid_that_later_tickets_follow(owner):
    assert UUID(owner.open()["id"]) < UUID(owner.open()["id"])


def test_a_client_finds_the_page_at_the_builders_portal(world, speak):
    client, owner = speak(world.client), speak(world.owner)
    made = client.open()
    assert made["url"] == f"http://127.0.0.1:8000/b/acme/tickets/{made['number']}"
    seen = owner.get(f"{TICKETS}/{made['number']}").json
    assert seen["url"] == f"http://127.0.0.1:8000/company/desk/{made['number']}"
