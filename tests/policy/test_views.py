"""The support model's pages: who may see them, what they say, and windows granted and cancelled."""

import html as html_of
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.app import create_app
from portal.foundation.runtime import runtime_of
from portal.foundation.tenancy import PLATFORM, see
from portal.policy.loader import shipped_packs
from portal.policy.models import EmergencyWindow
from tests.fixtures.world import NOW, closed_to
from tests.support.statements import counted

pytestmark = pytest.mark.usefixtures("noon")
PAGES = ["/policy", "/policy/simulator", "/policy/windows"]


def text(answer) -> str:
    return html_of.unescape(answer.text)


@pytest.mark.parametrize("path", PAGES)
def test_staff_alone_see_them(world, sign_in, path):
    for who in ("agent", "manager", "admin"):
        assert sign_in(getattr(world, who)).get(path).status_code == 200
    for who in ("owner", "pm", "client"):
        actor = getattr(world, who)
        assert sign_in(actor).get(path).status_code == closed_to(actor)


@pytest.mark.parametrize("path", PAGES)
def test_ten_queries_at_most(runtime, world, sign_in, path):
    client = sign_in(world.manager)
    client.get(path)
    with counted(runtime.engine) as seen:
        client.get(path)
    assert len(seen) <= 10, "\n".join(seen)


def test_the_model_as_it_stands(world, sign_in):
    page = text(sign_in(world.agent).get("/policy"))
    for told in (
        "within 15 minutes",
        "08:00–18:00",
        "Tier 2: technical support",
        "Looking into it",
        "75 %",
        "Dedicated customer success manager",
    ):
        assert told in page, told


@pytest.mark.parametrize("key", shipped_packs())
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_shipped_model_has_its_pages(settings, world, key, language, sign_in_to):
    client = sign_in_to(replace(settings, pack=key), world.manager)
    client.post("/locale", data={"locale": language})
    for path in PAGES:
        assert client.get(path).status_code == 200, path


@pytest.fixture
def sign_in_to():
    """Somebody signed in to an app of other settings, on the same database."""
    apps = []

    def enter(settings, actor):
        from portal.accounts import service as accounts

        app = create_app(settings)
        app.config["WTF_CSRF_ENABLED"] = False
        apps.append(app)
        with runtime_of(app).writers.begin() as session:
            see(session, PLATFORM)
            login = accounts.start_login(session, actor.user_id, at=NOW)
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = str(login.id), True
        return client

    yield enter
    for app in apps:
        runtime_of(app).engine.dispose()


# ── The simulator ───────────────────────────────────────────────────────────────────────────

ASKED = "/policy/simulator?pack=module-46&plan=business&severity=P2&channel=in_app"


def test_the_promise_in_both_languages_with_its_date(world, sign_in):
    page = text(sign_in(world.agent).get(f"{ASKED}&at=2026-11-24T10:00&zone=America/New_York"))
    assert "We'll answer by Tue 24 Nov, 14:00, on your Business plan." in page
    assert "Te responderemos antes del martes 24 de noviembre, 14:00" in page
    assert "within 4 working hours" in page


def test_the_deadline_in_the_zone_that_was_asked(world, sign_in):
    page = text(sign_in(world.agent).get(f"{ASKED}&at=2026-11-24T10:00&zone=Europe/Madrid"))
    assert "We'll answer by Tue 24 Nov, 20:00" in page


def test_what_happens_when_in_order(world, sign_in):
    page = text(sign_in(world.agent).get(f"{ASKED}&at=2026-11-24T10:00&zone=America/New_York"))
    timeline = page.partition('aria-label="What happens when"')[2]
    places = [
        timeline.find(told)
        for told in (
            "75% of the time for the first answer is used up",
            "the promise counts as broken",
            "it goes to Tier 2",
            "it goes on to Tier 3",
        )
    ]
    assert places == sorted(places)
    assert -1 not in places


def test_the_page_at_night_is_said(world, sign_in):
    at = "at=2026-11-24T23:00&zone=America/New_York"
    page = text(sign_in(world.agent).get(f"{ASKED.replace('P2', 'P1')}&{at}"))
    assert "paged at once" in page
    assert "outside business hours" in page


def test_best_effort_has_no_date(world, sign_in):
    asked = "?pack=module-46&plan=starter&severity=P4&channel=email"
    page = text(sign_in(world.agent).get(f"/policy/simulator{asked}"))
    assert "best effort: no date" in page
    assert "Nothing: no clock runs for it." in page


def test_a_channel_that_the_plan_lacks(world, sign_in):
    asked = "?pack=module-46&plan=starter&severity=P2&channel=phone"
    page = text(sign_in(world.agent).get(f"/policy/simulator{asked}"))
    assert "Phone support is available on Business and Enterprise plans" in page


@pytest.mark.parametrize("key", shipped_packs())
def test_another_model_brings_its_own_names(world, sign_in, key):
    answer = sign_in(world.agent).get(
        f"/policy/simulator?pack={key}&plan=nobody-has-it&severity=S9&channel=pigeon"
    )
    assert answer.status_code == 200
    assert f'<option value="{key}" selected' in answer.text
    assert "What happens when" in answer.text


@pytest.mark.parametrize(
    ("query", "named"), [("at=soon", "at"), ("zone=Mars/Olympus", "zone"), ("at=99999-01-01", "at")]
)
def test_what_makes_no_sense_is_named(world, sign_in, query, named):
    answer = sign_in(world.agent).get(f"/policy/simulator?{query}")
    assert answer.status_code == 422
    assert f'href="#{named}"' in answer.text


def test_a_model_that_is_none_is_the_one_that_runs(world, sign_in):
    answer = sign_in(world.agent).get("/policy/simulator?pack=../../etc/passwd")
    assert answer.status_code == 200
    assert '<option value="module-46" selected' in answer.text


def test_htmx_gets_the_simulator_alone(world, sign_in):
    answer = sign_in(world.agent).get(ASKED, headers={"HX-Request": "true"})
    assert answer.text.lstrip().startswith('<div id="simulator"')


# ── Emergency windows ───────────────────────────────────────────────────────────────────────


@pytest.fixture
def studio(settings, world, session):
    """Settings under which Acme's plan can be granted a window."""
    acme = session.merge(world.acme)
    acme.plan = "agency"
    session.commit()
    return replace(settings, pack="studiovault")


@pytest.fixture
def manager(studio, world, sign_in_to):
    return sign_in_to(studio, world.manager)


GRANT = {
    "builder": "acme",
    "starts_at": "2026-11-27T08:00",  # New York
    "ends_at": "2026-11-29T20:00",
    "hotline": "+1 555 0199",
    "note": "Wedding weekend",
}


def windows(session) -> list[EmergencyWindow]:
    session.rollback()
    query = select(EmergencyWindow).execution_options(populate_existing=True)
    return list(session.scalars(query))


def test_grant_show_and_cancel(session, manager):
    assert manager.post("/policy/windows", data=GRANT).status_code == 303
    (window,) = windows(session)
    assert window.starts_at == datetime(2026, 11, 27, 13, tzinfo=UTC)
    page = text(manager.get("/policy/windows"))
    for told in ("Acme Homes has an emergency window", "+1 555 0199", "Wedding weekend", "Ahead"):
        assert told in page, told
    ask = re.search(r'href="(/policy/windows/[^"]+/cancellation)"', page)[1]
    assert "Cancel the window of Acme Homes?" in text(manager.get(ask))
    assert windows(session)[0].cancelled_at is None  # looking cancels nothing
    for _ in range(2):
        assert manager.post(ask).status_code == 303
    assert windows(session)[0].cancelled_at == NOW
    page = manager.get("/policy/windows").text
    assert "Cancelled" in page
    assert ask not in page


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"builder": ""}, "builder", "Choose a customer."),
        ({"builder": "none-such"}, "builder", "Choose a customer of the list."),
        ({"builder": "birch"}, "builder", "The plan of this customer has no emergency windows."),
        ({"ends_at": "2026-11-27T07:00"}, "ends_at", "It ends before it starts."),
        ({"ends_at": "2026-12-27T07:00"}, "ends_at", "14 days at most"),
        (
            {"starts_at": "2026-11-20T08:00", "ends_at": "2026-11-21T08:00"},
            "ends_at",
            "over already",
        ),
        ({"starts_at": "soon"}, "starts_at", "Enter a date and a time"),
        ({"ends_at": ""}, "ends_at", "Choose when it ends."),
        ({"hotline": "  "}, "hotline", "Enter the number or address"),
        ({"hotline": "5" * 121}, "hotline", "120 characters"),
        ({"note": "n" * 501}, "note", "500 characters"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(session, manager, changes, field, words):
    answer = manager.post("/policy/windows", data=GRANT | changes)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert words in text(answer)
    if "note" not in changes:
        assert "Wedding weekend" in answer.text  # what was typed is kept
    assert windows(session) == []


def test_two_windows_at_once_are_refused_with_the_other(session, manager):
    manager.post("/policy/windows", data=GRANT)
    answer = manager.post("/policy/windows", data=GRANT | {"starts_at": "2026-11-28T08:00"})
    assert answer.status_code == 422
    assert "There is a window in that time already: Fri 27 Nov, 08:00" in text(answer)
    assert len(windows(session)) == 1


def test_agents_see_but_do_not_grant(session, studio, world, sign_in_to, manager):
    manager.post("/policy/windows", data=GRANT)
    (window,) = windows(session)
    agent = sign_in_to(studio, world.agent)
    page = agent.get("/policy/windows").text
    assert "+1 555 0199" in page
    assert "/cancellation" not in page
    assert 'name="hotline"' not in page
    assert agent.post("/policy/windows", data=GRANT).status_code == 403
    path = f"/policy/windows/{window.id}/cancellation"
    assert agent.get(path).status_code == 403
    assert agent.post(path).status_code == 403


def test_a_model_without_windows_says_so_and_grants_none(session, world, sign_in):
    client = sign_in(world.manager)
    page = client.get("/policy/windows").text
    assert "This support model has no emergency windows." in page
    assert 'name="hotline"' not in page
    assert client.post("/policy/windows", data=GRANT).status_code == 422
    assert windows(session) == []


def test_a_window_that_is_none(world, sign_in):
    client = sign_in(world.manager)
    assert client.get(f"/policy/windows/{uuid4()}/cancellation").status_code == 404
    assert client.post(f"/policy/windows/{uuid4()}/cancellation").status_code == 404
    assert client.get("/policy/windows?cursor=x").status_code == 400


def test_windows_come_by_pages(session, world, manager):
    for day in range(30):
        starts = NOW + timedelta(days=day)
        session.add(
            EmergencyWindow(
                builder_id=world.acme.id,
                starts_at=starts,
                ends_at=starts + timedelta(hours=1),
                hotline=f"Line {day:02}",
                created_at=NOW,
            )
        )
    session.commit()
    first = text(manager.get("/policy/windows"))
    older = re.search(r'rel="next" href="([^"]+)"', first)[1]
    second = text(manager.get(older))
    lines = [re.findall(r"Line \d\d", page) for page in (first, second)]
    assert len(lines[0]) == 25
    assert lines[0] + lines[1] == [f"Line {day:02}" for day in range(29, -1, -1)]
