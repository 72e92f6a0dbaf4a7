"""Nobody moves, and the clock moves people: as the support model says it, and each step once."""

import json
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.live import Live, StartLive
from tests.fixtures.processes import ROOT, environment, eventually
from tests.journeys.acting import (
    assert_not_reloaded,
    assert_nothing_twice,
    describe,
    listens,
    mark,
    send,
)
from tests.journeys.conftest import EnterAs
from tests.support.http_receiver import HttpReceiver

pytestmark = pytest.mark.timeout(600)

SUBJECT = "Scheduling is down at night"


@pytest.fixture
def duty() -> Iterator[HttpReceiver]:
    """What stands in for the paging service."""
    with HttpReceiver() as receiver:
        yield receiver


def corbel(system: Live, *arguments: str) -> "subprocess.Popen[str]":
    """The command, with the settings of the running system."""
    return subprocess.Popen(
        [ROOT / ".venv" / "bin" / "corbel", *arguments],
        env=environment(system.settings | {"DATA": str(system.data)}),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def said(command: "subprocess.Popen[str]") -> Any:
    output, _ = command.communicate(timeout=60)
    assert command.returncode == 0
    return json.loads(output)


def tick(system: Live, at: str, clocks: int = 1) -> None:
    """By so many clocks at once; the explanation leaves out the seconds' fractions."""
    due = datetime.fromisoformat(at) + timedelta(seconds=1)
    for clock in [corbel(system, "tick", "--at", due.isoformat()) for _ in range(clocks)]:
        said(clock)


def explained(system: Live, at: str) -> list[dict[str, Any]]:
    case = ("--pack", "module-46", "--plan", "business", "--severity", "P1", "--channel", "in_app")
    told = said(corbel(system, "policy", "explain", *case, "--at", at, "--json"))
    steps: list[dict[str, Any]] = told["steps"]
    return steps


def pages_about(duty: HttpReceiver, number: int) -> list[str]:
    """What the paging service was told about this ticket."""
    told = [request.json() for request in duty.requests]
    details = [event.get("payload", {}).get("custom_details", {}) for event in told]
    keys = [
        event["dedup_key"]
        for event, facts in zip(told, details, strict=True)
        if facts.get("ticket") == number
    ]
    return [event["event_action"] for event in told if event["dedup_key"] in keys]


def test_clock_warns_breaches_escalates_and_pages_once_each(
    start_live: StartLive, duty: HttpReceiver, enter: EnterAs
) -> None:
    system = start_live("--demo", PAGERDUTY_URL=duty.url, PAGERDUTY_KEY="k")
    owner = enter(system, "owner@acme.test", "/tickets/new")
    describe(owner, SUBJECT, "Nobody can open the schedule.")
    expect(owner.get_by_role("radio", name="System down")).to_be_checked()
    number = send(owner)

    lead = enter(system, "lead@corbel.test", f"/desk/{number}")
    listens(lead)
    mark(lead)
    filed_at = lead.locator("#desk-talk time").first.get_attribute("datetime")
    assert filed_at
    expect(lead.locator("#desk-head")).to_contain_text("Ana Torres")

    steps = explained(system, filed_at)
    assert [step["do"] for step in steps if step["do"] != "page"] == [
        "warn",
        "breach",
        "escalate",
        "escalate",
    ]
    timeline = lead.locator("#desk-side .timeline").last
    broken = next(step["at"] for step in steps if step["do"] == "breach")
    for at in sorted({step["at"] for step in steps}):
        tick(system, at, clocks=3 if at == broken else 1)
        for step in (step for step in steps if step["at"] <= at):
            expect(timeline.get_by_text(step["why"])).to_have_count(1)
    expect(lead.locator("#desk-head")).to_contain_text("Tier 3: engineering")
    expect(lead.locator("#desk-head")).to_contain_text("Chen Wei")
    assert_not_reloaded(lead)
    assert_nothing_twice(lead)
    assert pages_about(duty, number) == ["trigger"]

    notices(lead, system, number)
    confirmed(lead, system, number)
    eventually(lambda: pages_about(duty, number) == ["trigger", "acknowledge"])
    sees_nothing_of_it(owner)


def notices(lead: Page, system: Live, number: int) -> None:
    lead.goto(f"{system.url}/notifications")
    about = lead.locator("#inbox li", has_text=f"#{number}")
    for words in ("is late", "was escalated to tier 2", "was escalated to tier 3", "has confirmed"):
        expect(about.filter(has_text=words), words).to_have_count(1)
    about.filter(has_text="is late").get_by_role("button").click()
    expect(lead.get_by_role("heading", level=1)).to_contain_text(SUBJECT)


def confirmed(lead: Page, system: Live, number: int) -> None:
    lead.goto(f"{system.url}/desk/{number}")
    lead.get_by_role("button", name="I’m on it").click()
    expect(lead.locator("#desk-side")).to_contain_text("Lena Fischer is on it")
    expect(lead.get_by_role("button", name="I’m on it")).to_have_count(0)


def sees_nothing_of_it(owner: Page) -> None:
    """Whom we moved is no business of the customer's."""
    owner.reload()
    for word in ("Tier 2", "escalat", "paged", "Chen Wei"):
        expect(owner.locator("main")).not_to_contain_text(word)
