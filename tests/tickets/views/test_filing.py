import io
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image
from sqlalchemy import event, func, select

from portal.tickets.models import Attachment, Ticket, TicketEvent
from portal.writing.models import Draft
from tests.fixtures.world import NOW
from tests.support.statements import counted
from tests.tickets.views.conftest import press_of

pytestmark = pytest.mark.usefixtures("noon")
HTMX = {"HX-Request": "true"}
FEW = 10


def picture(name="schedule.png", size=(20, 10)):
    made = io.BytesIO()
    Image.new("RGB", size, "navy").save(made, "PNG")
    return io.BytesIO(made.getvalue()), name


def only_ticket(session) -> Ticket:
    return session.scalars(select(Ticket)).one()


def test_the_form_promises_a_date_before_anything_is_typed(world, sign_in):
    page = sign_in(world.owner).get("/tickets/new").text
    assert "answer by Tue 24 Nov, 11:00" in page  # P1 on business: an hour from now
    assert "We&#39;ll answer by Tue 24 Nov, 18:00, on your Business plan." in page
    assert "Everybody is stopped" in page
    assert "Nobody can open the schedule" in page


def test_a_client_is_promised_what_the_builders_desk_keeps(world, sign_in):
    page = sign_in(world.client).get("/tickets/new").text
    assert "answer by Tue 24 Nov, 14:00" in page  # urgent: four hours of the office from now
    assert "We&#39;ll answer by Thu 26 Nov, 17:00." in page  # else two days of the office
    assert "Business" not in page
    assert "Corbel" not in page


def test_a_report_becomes_a_ticket_with_all_it_says(world, session, sign_in, report):
    client = sign_in(world.owner)
    answer = report(
        client,
        severity="P1",
        module="scheduling",
        url="https://app.test/projects/4/schedule",
        captured='{"browser": "Chrome 142", "viewport": "1440 × 900", '
        '"errors": [{"at": "2026-11-24", "message": "TypeError: x"}]}',
    )
    ticket = only_ticket(session)
    assert answer.status_code == 303
    assert answer.location == f"/tickets/{ticket.number}"
    assert (ticket.subject, ticket.severity, ticket.category) == (
        "Scheduling is down",
        "P1",
        "scheduling",
    )
    assert (ticket.team, ticket.source, ticket.channel) == ("support", "in_app", "in_app")
    assert ticket.context_url == "https://app.test/projects/4/schedule"
    assert ticket.context_metadata["browser"] == "Chrome 142"
    assert ticket.context_metadata["errors"][0]["message"] == "TypeError: x"
    assert ticket.context_metadata["plan"] == "business"
    assert ticket.context_metadata["role"] == "owner"
    assert ticket.suggestion["severity"] == "P1"
    page = client.get(answer.location).text
    assert f"#{ticket.number}" in page
    assert "We&#39;ll answer by Tue 24 Nov, 11:00, on your Business plan." in page


def test_a_page_of_ours_is_not_where_it_happened(world, session, sign_in, report):
    report(sign_in(world.owner), captured='{"page_url": "http://localhost/tickets/new"}')
    assert only_ticket(session).context_url is None


def test_without_the_box_nothing_is_sent_along(world, session, sign_in):
    client = sign_in(world.owner)
    press = press_of(client.get("/tickets/new").text)
    client.post(
        "/tickets/new",
        data={
            "subject": "x",
            "body": "y",
            "category": "bug",
            "severity": "P3",
            "press": press,
            "captured": '{"browser": "Chrome"}',
            "url": "https://app.test/x",
        },
    )
    ticket = only_ticket(session)
    assert ticket.context_metadata == {}
    assert ticket.context_url is None


def test_answers_to_the_intents_questions_lead_the_description(world, session, sign_in, report):
    client = sign_in(world.owner)
    fields = {"intent": "billing", "category": "billing"}
    refused = report(client, **fields)
    assert refused.status_code == 422
    assert "Answer this too" in refused.text
    report(client, **fields, **{"answer-reference": "INV-7", "answer-outcome": "A refund"})
    ticket = only_ticket(session)
    assert ticket.description.startswith("**Invoice or subscription reference** INV-7\n\n")
    assert "**What should happen?** A refund" in ticket.description
    assert ticket.intent == "billing"
    assert ticket.team == "billing"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"subject": ""}, "Say in a few words what is wrong."),
        ({"subject": "x" * 301}, "300 characters at most"),
        ({"body": " "}, "Tell us what happened."),
        ({"body": "y" * 50_001}, "longer than we can take"),
        ({"severity": "P9"}, "Choose how bad it is."),
        ({"category": "nonsense"}, "Choose what it is about."),
    ],
)
def test_what_was_typed_is_still_there_when_something_is_wrong(
    world, session, sign_in, report, wrong, says
):
    kept = {"subject": "Kept subject", "body": "Kept <words>", "url": "/projects/4"}
    answer = report(sign_in(world.owner), **kept | wrong)
    assert answer.status_code == 422
    assert says in answer.text
    assert 'role="alert"' in answer.text
    for name, value in kept.items():
        if name not in wrong:
            assert value.replace("<", "&lt;").replace(">", "&gt;") in answer.text
    assert session.scalar(select(func.count()).select_from(Ticket)) == 0


def test_pressing_twice_makes_one_ticket(world, session, sign_in, report):
    client = sign_in(world.owner)
    press = press_of(client.get("/tickets/new").text)
    first, second = report(client, press=press), report(client, press=press)
    assert first.location == second.location
    assert only_ticket(session)


def test_fifty_presses_at_once_make_one_ticket(app, world, session, sign_in):
    clients = [sign_in(world.owner) for _number in range(10)]
    data = {
        "subject": "Again",
        "body": "and again",
        "category": "bug",
        "severity": "P3",
        "press": "a" * 32,
    }
    with ThreadPoolExecutor(10) as pool:
        answers = list(
            pool.map(lambda n: clients[n % 10].post("/tickets/new", data=data), range(50))
        )
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert only_ticket(session)
    told = select(func.count()).where(TicketEvent.kind == "opened")
    assert session.scalar(told) == 1


def test_going_back_finds_what_was_sent(world, session, sign_in, report):
    client = sign_in(world.owner)
    press = press_of(client.get("/tickets/new").text)
    sent = report(client, press=press)
    back = client.get(f"/tickets/new?press={press}")
    assert back.status_code == 303
    assert back.location == sent.location
    assert "You have sent this already" in client.get(back.location).text


def test_another_persons_press_finds_nothing(world, sign_in, report):
    press = press_of(sign_in(world.owner).get("/tickets/new").text)
    report(sign_in(world.owner), press=press)
    assert sign_in(world.pm).get(f"/tickets/new?press={press}").status_code == 200


def test_good_files_stay_and_bad_ones_are_named(world, session, sign_in, report):
    client = sign_in(world.owner)
    press = press_of(client.get("/tickets/new").text)
    zip_as_picture = io.BytesIO(b"PK\x03\x04 no picture"), "evil.png"
    empty = io.BytesIO(b""), "empty.txt"
    answer = report(client, press=press, attachments=[picture(), zip_as_picture, empty])
    assert answer.status_code == 422
    assert "“evil.png” is called a picture but is none" in answer.text
    assert "“empty.txt” is empty" in answer.text
    assert "Nobody can open the schedule." in answer.text
    kept = re.findall(r'name="kept" value="([^"]+)"', answer.text)
    assert len(kept) == 1
    report(client, press=press, kept=kept)
    ticket = only_ticket(session)
    file = session.scalars(select(Attachment).where(Attachment.ticket_id == ticket.id)).one()
    assert file.filename == "schedule.png"


def test_a_file_that_was_unticked_is_left_out(world, session, sign_in, report):
    client = sign_in(world.owner)
    assert report(client, subject="", attachments=[picture()]).status_code == 422
    report(client)
    assert session.scalars(select(Attachment)).one().ticket_id is None


def test_nobody_attaches_the_files_of_somebody_else(world, session, sign_in, report):
    refused = report(sign_in(world.owner), subject="", attachments=[picture()])
    kept = re.findall(r'name="kept" value="([^"]+)"', refused.text)
    report(sign_in(world.stranger), kept=[*kept, "not-an-id", "0" * 32])
    assert session.scalars(select(Attachment)).one().ticket_id is None


def test_the_eleventh_file_is_refused_by_name(world, session, sign_in, report):
    files = [picture(f"{number}.png") for number in range(11)]
    answer = report(sign_in(world.owner), attachments=files)
    assert answer.status_code == 422
    assert "“10.png” was not kept: 10 files at most." in answer.text


def test_words_suggest_while_one_types(world, sign_in):
    answer = sign_in(world.owner).post(
        "/tickets/new/suggestion",
        data={
            "subject": "Help",
            "body": "Nobody can work, the schedule is down",
            "severity": "P3",
            "suggested_severity": "P3",
            "category": "question",
            "suggested_category": "question",
        },
        headers=HTMX,
    )
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith("<div")
    assert "<html" not in answer.text
    assert re.search(r'value="P1"[^>]* checked', answer.text)
    assert re.search(r'value="scheduling" selected', answer.text)
    assert re.search(r"you wrote .*“Nobody can”", answer.text)
    assert "We&#39;ll answer by Tue 24 Nov, 11:00" in answer.text


def test_a_choice_of_ones_own_is_kept_and_the_suggestion_offered(world, sign_in):
    client = sign_in(world.owner)
    data = {
        "subject": "Nobody can work",
        "body": "",
        "severity": "P4",
        "suggested_severity": "P3",
        "category": "bug",
        "suggested_category": "question",
    }
    answer = client.post("/tickets/new/suggestion", data=data, headers=HTMX)
    assert re.search(r'value="P4"[^>]* checked', answer.text)
    assert "We would say “System down”" in answer.text
    used = client.post("/tickets/new/suggestion", data=data | {"use": "severity"}, headers=HTMX)
    assert re.search(r'value="P1"[^>]* checked', used.text)
    kept = client.post("/tickets/new/suggestion", data=data | {"keep": "severity"}, headers=HTMX)
    assert re.search(r'value="P4"[^>]* checked', kept.text)
    assert "We would say “System down”" not in kept.text
    assert re.search(r'name="kept_severity"[^>]*value="P1"', kept.text)


def test_without_a_script_a_button_shows_the_promise_and_files_nothing(
    world, session, sign_in, report
):
    answer = report(
        sign_in(world.owner),
        check="1",
        body="Nobody can work",
        severity="P3",
        suggested_severity="P3",
    )
    assert answer.status_code == 200
    assert "We&#39;ll answer by Tue 24 Nov, 11:00, on your Business plan." in answer.text
    assert session.scalar(select(func.count()).select_from(Ticket)) == 0


def test_the_choice_outranks_the_suggestion_but_a_warning_sign_keeps_its_team(
    world, session, sign_in, report
):
    report(sign_in(world.owner), body="We have been hacked", severity="P4", category="scheduling")
    ticket = only_ticket(session)
    assert (ticket.severity, ticket.category, ticket.team) == ("P4", "scheduling", "security")
    assert ticket.suggestion["severity"] == "P1"


def test_a_secret_is_removed_told_and_put_back(world, session, sign_in, report):
    client = sign_in(world.owner)
    sent = report(client, body="my password: hunter2secret and the rest")
    ticket = only_ticket(session)
    assert "hunter2secret" not in ticket.description
    page = client.get(sent.location).text
    assert "We removed a password from what you wrote" in page
    assert "hunter2secret" not in page
    place = re.search(rf"/tickets/{ticket.number}/removed/([^\"]+)", page)[0]
    wrong = client.post(place, data={"words": "something else"})
    assert wrong.status_code == 422
    assert "This is not what stood there" in wrong.text
    assert client.post(place, data={"words": "hunter2secret"}).status_code == 303
    session.rollback()
    assert only_ticket(session).description == "my password: hunter2secret and the rest"
    assert "Put it back" not in client.get(sent.location).text
    put_back = session.scalars(select(TicketEvent).where(TicketEvent.kind == "secret_put_back"))
    assert put_back.one().facts == {"masked": ["password"]}


def test_two_secrets_go_back_in_any_order(world, session, sign_in, report):
    client = sign_in(world.owner)
    subject, body = "password: alphasecret1", "password: betasecret22 then password: gammasecret3"
    sent = report(client, subject=subject, body=body)
    for words in ("betasecret22", "alphasecret1", "gammasecret3"):
        page = client.get(sent.location).text
        places = re.findall(r"/tickets/\d+/removed/[^\"]+", page)
        tried = [client.post(place, data={"words": words}).status_code for place in places]
        assert tried.count(303) == 1
    session.rollback()
    ticket = only_ticket(session)
    assert (ticket.subject, ticket.description) == (subject, body)


def test_what_was_removed_is_remembered_only_by_its_sender_and_for_an_hour(
    world, session, sign_in, report, noon
):
    client = sign_in(world.owner)
    sent = report(client, body="password: hunter2secret")
    place = re.search(r"/tickets/\d+/removed/[^\"]+", client.get(sent.location).text)[0]
    assert sign_in(world.owner).get(place).status_code == 404
    assert sign_in(world.stranger).post(place, data={"words": "x"}).status_code == 404
    noon.shift(3601)
    assert client.get(place).status_code == 404
    stored = str(session.scalars(select(TicketEvent.facts)).all())
    assert "fingerprint" not in stored


def test_words_are_kept_while_typing_and_restored(world, session, sign_in):
    client = sign_in(world.owner)
    kept = {"subject": "Half", "body": "a thought, password: hunter2secret", "severity": "P4"}
    assert client.post("/tickets/new/draft", data=kept).status_code == 204
    page = client.get("/tickets/new").text
    assert "We kept what you wrote on Tue 24 Nov, 10:00" in page
    assert 'value="Half"' in page
    assert "a thought" in page
    assert "hunter2secret" not in page
    assert re.search(r'value="P4"[^>]* checked', page)
    assert "Half" not in sign_in(world.pm).get("/tickets/new").text
    assert client.post("/tickets/new/draft/removal").status_code == 303
    assert "Half" not in client.get("/tickets/new").text


def test_an_empty_form_keeps_nothing_and_sending_forgets(world, session, sign_in, report):
    client = sign_in(world.owner)
    client.post("/tickets/new/draft", data={"subject": " ", "severity": "P4", "intent": "docs"})
    assert session.scalars(select(Draft)).all() == []
    client.post("/tickets/new/draft", data={"subject": "x"})
    report(client)
    assert session.scalars(select(Draft)).all() == []


def test_what_a_program_sends_leaves_the_words_that_its_person_types(world, sign_in, speak):
    client = sign_in(world.owner)
    client.post("/tickets/new/draft", data={"subject": "Half a thought"})
    speak(world.owner).open()
    assert "Half a thought" in client.get("/tickets/new").text


def test_a_report_is_one_transaction_of_few_statements(runtime, world, sign_in, report):
    client, committed = sign_in(world.owner), []
    report(client)
    event.listen(runtime.engine, "commit", committed.append)
    with counted(runtime.engine) as asked:
        report(client)
    sent = asked[max(at for at, one in enumerate(asked) if "FROM logins" in one) :]
    assert len(committed) == 1
    assert len(sent) <= FEW, "\n".join(sent)
    assert not [one for one in sent if one.startswith("UPDATE support_tickets")]


HOSTILE = [
    "<script>alert(1)</script>",
    "'; DROP TABLE support_tickets; --",
    "{{ 7 * 7 }} {% raw %}",
    "\x00null\x00",
    "‮gnirts desrever",
    "💥" * 2000,
    "[" * 5000,
    "a" * 49_999,
    "\r\n".join(["> quoted"] * 3000),
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
def test_hostile_words_arrive_harmless(world, session, sign_in, report, text):
    client = sign_in(world.owner)
    answer = report(client, subject=text[:200].strip() or "x", body=text)
    assert answer.status_code == 303
    page = client.get(answer.location)
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "7 * 7" in page.text or "{{" not in text


@pytest.mark.parametrize(
    "captured",
    [
        "not json",
        "[]",
        '{"browser": {"a": 1}, "errors": "x"}',
        "[" * 30_000,
        '{"page_url": "javascript:alert(1)", "browser": "\\ud800"}',
        '{"page_url": "https://a.test/?token=ghp_abcdefghijklmnopqrstuvwxyz0123456789"}',
    ],
)
def test_whatever_a_browser_tells_is_cut_to_size(world, session, sign_in, report, captured):
    assert report(sign_in(world.owner), captured=captured).status_code == 303
    ticket = only_ticket(session)
    assert "javascript" not in str(ticket.context_url)
    assert "ghp_" not in str(ticket.context_url)


def test_forged_fields_change_nothing(world, session, sign_in, report):
    report(
        sign_in(world.owner),
        builder_id=str(world.birch.id),
        requester_id=str(world.stranger.user_id),
        plan="enterprise",
        status="closed",
        team="legal",
        number="7",
    )
    ticket = only_ticket(session)
    assert ticket.builder_id == world.acme.id
    assert ticket.requester_id == world.owner.user_id
    assert (ticket.plan, ticket.status, ticket.team) == ("business", "open", "support")


@pytest.mark.parametrize("path", ["/tickets/new", "/tickets/new/draft", "/tickets/new/suggestion"])
def test_a_visitor_is_asked_to_sign_in(app, path):
    assert "/sign-in" in app.test_client().post(path).location


def test_staff_have_no_business_here(world, sign_in):
    assert sign_in(world.agent).get("/tickets/new").location == "/queue"


def test_the_form_asks_few_questions(world, sign_in, runtime):
    client = sign_in(world.owner)
    client.get("/tickets/new")
    with counted(runtime.engine) as statements:
        client.get("/tickets/new?press=" + "b" * 32)
    assert len(statements) <= 10, statements


def test_a_preview_shows_and_keeps_nothing(world, sign_in):
    answer = sign_in(world.owner).post("/preview", data={"body": "**bold** <b>raw</b>"})
    assert "<strong>bold</strong>" in answer.text
    assert "<b>raw" not in answer.text


def test_every_date_is_in_the_readers_zone_and_language(world, session, sign_in):
    client = sign_in(world.owner)
    client.post("/locale", data={"locale": "es", "next": "/tickets/new"})
    page = client.get("/tickets/new").text
    assert "martes 24 de noviembre, 18:00" in page
    assert NOW.hour == 15  # 10:00 where the reader is
