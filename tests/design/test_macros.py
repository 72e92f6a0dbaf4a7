import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from wtforms import BooleanField, Form, PasswordField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from portal.core.permissions import Role

NOW = datetime(2026, 11, 23, 15, 4, tzinfo=UTC)
Render = Any


@pytest.fixture
def render(table: Flask) -> Render:
    def call(module: str, macro: str, *args: Any, body: str | None = None, **values: Any) -> str:
        with table.test_request_context():
            found = getattr(table.jinja_env.get_template(f"macros/{module}.html").module, macro)
            if body is not None:
                values["caller"] = lambda: body
            return str(found(*args, **values))

    return call


def words(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (timedelta(seconds=30), "&lt;1 min left"),
        (timedelta(minutes=14), "14 min left"),
        (timedelta(hours=2, minutes=14), "2 h 14 min left"),
        (timedelta(hours=3), "3 h left"),
        (timedelta(days=2, hours=5, minutes=59), "2 d 5 h left"),
        (timedelta(days=2), "2 d left"),
        (timedelta(minutes=-14), "14 min over"),
        (timedelta(hours=-26), "1 d 2 h over"),
    ],
)
def test_time_left_in_words(render: Render, left: timedelta, expected: str) -> None:
    text = render("clock", "clock", NOW + left, "running", NOW)
    assert f'<span class="clock__left">{expected}</span>' in text


def test_clock_says_the_date_as_well(render: Render) -> None:
    text = render("clock", "clock", NOW, "running", NOW)
    assert f'<time class="clock__date" datetime="{NOW.isoformat()}">Mon 23 Nov' in text


@pytest.mark.parametrize("state", ["running", "soon", "breached"])
def test_clock_that_runs_ticks(render: Render, state: str) -> None:
    assert f'data-due="{NOW.isoformat()}"' in render("clock", "clock", NOW, state, NOW)


@pytest.mark.parametrize(
    ("state", "expected"), [("paused", "On hold"), ("met", "Kept"), ("none", "Best effort")]
)
def test_clock_that_stands_does_not_tick(render: Render, state: str, expected: str) -> None:
    text = render("clock", "clock", NOW, state, NOW)
    assert expected in text
    assert "data-due" not in text


def test_clock_on_hold_shows_no_date_that_would_be_wrong(render: Render) -> None:
    assert "<time" not in render("clock", "clock", NOW, "paused", NOW)


def test_clock_without_a_due_date_promises_nothing(render: Render) -> None:
    assert words(render("clock", "clock", None, "running", NOW)) == "Best effort"


def test_dimension_line_stays_within_its_ends(render: Render) -> None:
    start, due = NOW - timedelta(hours=4), NOW - timedelta(hours=1)
    text = render("clock", "dimension", start, due, "breached", NOW, "Used")
    assert 'max="10800" value="10800"' in text


def test_dimension_line_of_no_length_is_still_drawn(render: Render) -> None:
    assert 'max="1" value="0"' in render("clock", "dimension", NOW, NOW, "running", NOW, "Used")


def test_severity_is_drawn_by_rank_and_named_by_the_pack(render: Render) -> None:
    text = render("badges", "severity_badge", "SEV1", 1)
    assert 'data-rank="1"' in text
    assert words(text) == "Severity SEV1"


@pytest.mark.parametrize(
    "state",
    ["open", "in_progress", "waiting_on_customer", "resolved", "closed", "snoozed", "merged"],
)
def test_every_state_has_words(render: Render, state: str) -> None:
    said = words(render("badges", "state_badge", state))
    assert said
    assert "_" not in said


@pytest.mark.parametrize(
    ("number", "expected"), [(0, ""), (7, "7 new"), (99, "99 new"), (120, "99+ new")]
)
def test_count_is_short(render: Render, number: int, expected: str) -> None:
    assert words(render("badges", "count", number, "new")) == expected


HOSTILE = '"><script>alert(1)</script>'


@pytest.mark.parametrize(
    ("module", "macro", "args"),
    [
        ("forms", "input", ("name", HOSTILE, HOSTILE)),
        ("forms", "textarea", ("name", HOSTILE, HOSTILE)),
        ("forms", "select", ("name", HOSTILE, [(HOSTILE, HOSTILE)], HOSTILE)),
        ("forms", "error_summary", ([(HOSTILE, HOSTILE)],)),
        ("badges", "severity_badge", (HOSTILE, HOSTILE)),
        ("badges", "state_badge", (HOSTILE,)),
        ("alerts", "alert", (HOSTILE, HOSTILE)),
        ("alerts", "toast", (HOSTILE, HOSTILE)),
        ("conversation", "attachment_list", ([{"filename": HOSTILE, "url": HOSTILE, "size": 1}],)),
        ("conversation", "system_line", (HOSTILE, NOW)),
        ("timeline", "entry", (HOSTILE, NOW, HOSTILE, HOSTILE)),
        ("empty", "empty", (HOSTILE, HOSTILE)),
        ("avatar", "avatar", (HOSTILE,)),
        ("clock", "promise", (HOSTILE, HOSTILE, HOSTILE)),
        ("errors", "error_page", (404, HOSTILE, HOSTILE, HOSTILE, [(HOSTILE, HOSTILE)], HOSTILE)),
    ],
)
def test_what_people_typed_is_never_markup(
    render: Render, module: str, macro: str, args: tuple[Any, ...]
) -> None:
    assert "<script" not in render(module, macro, *args)


def test_field_in_error_points_to_its_hint_and_its_error(render: Render) -> None:
    text = render("forms", "input", "email", "E-mail", hint="Yours", error="Enter one")
    assert 'aria-describedby="email-hint email-error" aria-invalid="true"' in text
    assert 'id="email-hint"' in text
    assert 'id="email-error"' in text


@pytest.mark.parametrize("macro", ["input", "textarea"])
def test_further_attributes_reach_the_control(render: Render, macro: str) -> None:
    text = render("forms", macro, "email", "E-mail", autocomplete="email", required=True)
    assert re.search(r'<(input|textarea)[^>]* autocomplete="email" required="True"', text)


def test_further_attributes_reach_every_choice(render: Render) -> None:
    options = [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}]
    text = render("forms", "choices", "kind", "Kind", options, "b", **{"hx-get": "/promise"})
    assert text.count('hx-get="/promise"') == 2
    assert text.count("checked") == 1


def test_what_was_typed_is_kept(render: Render) -> None:
    assert ">\n  indented</textarea>" in render("forms", "textarea", "body", "Body", "  indented")
    assert 'value="a &amp; b"' in render("forms", "input", "subject", "Subject", "a & b")


def test_optional_fields_say_so(render: Render) -> None:
    assert "(optional)" in words(render("forms", "input", "a", "A", optional=True))
    assert "(optional)" not in words(render("forms", "input", "a", "A"))


def test_severities_come_from_the_pack_with_their_promise(render: Render) -> None:
    severity = {
        "key": "critical",
        "rank": 1,
        "label": "Critical bug",
        "hint": "Nobody can work.",
        "promise": "today, 16:04",
        "suggested": "because you wrote “down”",
    }
    text = render("forms", "severity_cards", "severity", "How bad?", [severity], "critical")
    assert 'value="critical" checked' in text
    for part in (
        "Critical bug",
        "Nobody can work.",
        "today, 16:04",
        "Suggested",
        "because you wrote",
    ):
        assert part in text


def test_error_summary_links_to_the_fields(render: Render) -> None:
    text = render("forms", "error_summary", [("subject", "Say what is wrong"), ("", "Too late")])
    assert '<a href="#subject">Say what is wrong</a>' in text
    assert "<li>Too late</li>" in text


def test_no_errors_no_summary(render: Render) -> None:
    assert render("forms", "error_summary", []).strip() == ""


class Report(Form):
    subject = StringField("Subject", [DataRequired("Say what is wrong")], description="Few words")
    body = TextAreaField("Body")
    kind = SelectField("Kind", choices=[SelectChoice("a", "A"), SelectChoice("b", "B")])
    agree = BooleanField("Agree")
    secret = PasswordField("Secret")


def test_wtforms_fields_are_drawn_by_kind(render: Render) -> None:
    form = Report(
        data={"subject": "Down", "body": "All of it", "kind": "b", "agree": True, "secret": "x"}
    )
    assert 'value="Down"' in render("forms", "field", form.subject)
    assert "All of it</textarea>" in render("forms", "field", form.body)
    assert '<option value="b" selected>' in render("forms", "field", form.kind)
    assert "checked" in render("forms", "field", form.agree)
    assert 'type="password"' in render("forms", "field", form.secret)


def test_passwords_are_never_sent_back(render: Render) -> None:
    assert "hunter2" not in render("forms", "field", Report(data={"secret": "hunter2"}).secret)


def test_wtforms_errors_show_at_the_field_and_on_top(render: Render) -> None:
    form = Report(data={"kind": "a"})
    form.validate()
    assert "Say what is wrong" in render("forms", "field", form.subject)
    assert '<a href="#subject">Say what is wrong</a>' in render("forms", "form_errors", form)


def test_required_wtforms_fields_are_not_called_optional(render: Render) -> None:
    assert "(optional)" not in render("forms", "field", Report().subject)
    assert "(optional)" in render("forms", "field", Report().body)


def test_internal_note_cannot_be_mistaken(render: Render) -> None:
    note = render("conversation", "message", "m1", "Mara", NOW, kind="note", body="x")
    reply = render("conversation", "message", "m1", "Mara", NOW, kind="desk", body="x")
    assert "The customer does not see this" in note
    assert 'aria-label="Internal note by Mara"' in note
    assert "The customer does not see this" not in reply


@pytest.mark.parametrize("delivery", ["sending", "sent", "delivered", "failed"])
def test_delivery_is_said(render: Render, delivery: str) -> None:
    text = render(
        "conversation", "message", "m1", "Mara", NOW, kind="desk", delivery=delivery, body="x"
    )
    assert words(text.split('data-delivery="')[1].split(">", 1)[1].split("</footer>")[0])


def test_message_keeps_quoted_text_folded(render: Render) -> None:
    text = render("conversation", "message", "m1", "Dana", NOW, quoted="On Monday", body="x")
    assert re.search(
        r"<details class=\"message__quoted\"><summary>.*</summary>.*On Monday", text, re.S
    )


def test_composer_without_script_is_a_plain_form(render: Render) -> None:
    text = render("composer", "composer", "/tickets/1/messages", "Write a reply", "Half a sen")
    assert '<form class="composer" id="composer" method="post" action="/tickets/1/messages"' in text
    assert 'enctype="multipart/form-data"' in text
    assert "Half a sen</textarea>" in text
    assert 'name="kind"' not in text


def test_customer_composer_offers_no_notes_but_agents_one_does(render: Render) -> None:
    text = render("composer", "composer", "/x", "Reply", can_note=True, kind="note")
    assert 'value="note" checked' in text


def test_sorted_column_says_so_and_links_on(render: Render) -> None:
    columns = [
        {"label": "Due", "href": "?sort=due", "order": "ascending"},
        {"label": "No.", "num": True},
    ]
    text = render("table", "table", "Tickets", columns, body="")
    assert 'aria-sort="ascending"' in text
    assert '<a href="?sort=due">' in text
    assert '<th scope="col" class=" num">' in text


def test_paging_shows_only_the_ways_there_are(render: Render) -> None:
    assert 'rel="next"' in render("paging", "paging", older="?before=1")
    assert 'rel="prev"' not in render("paging", "paging", older="?before=1")
    assert render("paging", "paging").strip() == ""


def test_stepper_marks_where_we_are(render: Render) -> None:
    steps = [{"label": "Intake", "state": "done"}, {"label": "Triage", "state": "current"}]
    text = render("stepper", "stepper", steps)
    assert text.count('aria-current="step"') == 1
    assert "Intake (done)" in words(text).replace("Intake  (done)", "Intake (done)")


def test_confirming_works_without_script(render: Render) -> None:
    assert 'href="/tickets/1/closure/new" data-dialog="close"' in render(
        "dialog", "confirm_link", "Close", "/tickets/1/closure/new", "close"
    )


@pytest.mark.parametrize(
    ("tone", "look"), [("good", "done"), ("bad", "danger"), ("warn", "info"), ("info", "info")]
)
def test_flashes_have_the_look_of_their_tone(render: Render, tone: str, look: str) -> None:
    assert f"alert--{look}" in render("alerts", "flashes", [(tone, "Saved")])


@pytest.mark.parametrize(
    ("name", "expected"), [("Dana Ortiz", "DO"), ("dana", "D"), ("", "?"), ("Ana de la Cruz", "AC")]
)
def test_initials(render: Render, name: str, expected: str) -> None:
    assert words(render("avatar", "avatar", name)) == expected


def test_attachment_without_thumbnail_gets_an_icon(render: Render) -> None:
    plain = SimpleNamespace(filename="a.pdf", size=2000, url="/a", thumbnail_url=None)
    image = SimpleNamespace(filename="a.png", size=2000, url="/a", thumbnail_url="/t")
    assert "<img" not in render("conversation", "attachment_list", [plain])
    assert '<img class="attachment__thumb" src="/t" alt=""' in render(
        "conversation", "attachment_list", [image]
    )


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_words_for_people(render: Render, role: Role) -> None:
    said = words(render("badges", "role_label", role))
    assert said[0].isupper()
    assert "_" not in said
