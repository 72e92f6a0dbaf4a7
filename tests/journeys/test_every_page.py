"""Every page of every role on a narrow screen, light and dark: nothing runs out, axe is content."""

import re
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from tests.fixtures.browser import OpenPage
from tests.fixtures.live import Live
from tests.journeys.acting import message, report, write_back
from tests.journeys.conftest import EnterAs
from tests.journeys.looks import NARROW, NARROW_SCREEN, OUTSIDE, assert_fine

pytestmark = [pytest.mark.once, pytest.mark.timeout(600)]

VISITOR = (
    "/b/acme/",
    "/b/acme/help",
    "/b/acme/kb/en",
    "/b/acme/search?q=invoice",
    "/search",
    "/search?q=invocie&lang=en",
    "/search?q=nothing+like+it",
    "/b/acme/contact",
    "/b/acme/sign-in",
    "/b/acme/nothing",
    "/",
    "/kb",
    "/kb/es",
    "/kb/en/nothing",
    "/kb/en/videos",
    "/kb/es/videos/first-schedule",
    "/kb/en/in/nothing",
    "/sign-in",
    "/sign-in/link",
    "/recovery",
    "/links/gone",
    "/sign-in/code",
    "/sign-in/places",
    "/sign-in/sso",
    "/contact",
    "/community/rules",
    "/forum",
    "/forum?sort=unanswered",
    "/forum/in/scheduling?sort=top",
    "/forum/in/security",
    "/forum/1002",
    "/forum/1002/how-do-you-keep-weather-days-from-pushing-the-whole-schedule",
    "/forum/1002/history",
    "/whats-new",
    "/whats-new?module=security",
    "/whats-new/1004",
    "/whats-new/1003/begin-an-estimate-with-an-earlier-project",
    "/ideas",
    "/ideas?tab=trending",
    "/ideas/1001",
    "/roadmap",
    "/roadmap?module=scheduling",
    "/roadmap?module=accounting",
    "/roadmap/1001/x",
    "/roadmap/embedding",
    "/support?intent=billing",
    "/api/docs",
    "/no/such/page",
)
PATHS = {
    "owner@acme.test": (
        "/ideas",
        "/ideas/1001",
        "/ideas/new",
        "/ideas/similar",
        "/administration",
        "/company/desk",
        "/company/desk?view=done",
        "/company/desk?view=mine",
        "/company/desk/canned",
        "/company/desk/rules",
        "/company/audit",
        "/company/audit?about=nothing+like+it",
        "/company/audit?since=yesterday",
        "/company/privacy",
        "/company/privacy/former",
        "/company/privacy/former?q=nobody",
        "/account/data",
        "/account/erasure",
        "/",
        "/forum",
        "/forum/1003",
        "/forum/1002/flag",
        "/forum/new",
        "/forum/digest",
        "/community/restriction",
        "/company/community",
        "/tickets",
        "/tickets?state=solved",
        "/tickets/new",
        "/tickets/new?intent=security",
        "/notifications",
        "/mailbox",
        "/account",
        "/company/people",
        "/company/keys",
        "/company/widget",
        "/account/password",
        "/account/places",
        "/account/sessions",
        "/account/tokens",
        "/account/two-factor",
        "/account/notifications",
        "/company/sign-on",
        "/company/sign-on/new",
        "/company/brand",
        "/company/brand/versions",
        "/company/domains",
        "/company/letters",
    ),
    "client@acme.test": (
        "/b/acme/",
        "/b/acme/help",
        "/b/acme/tickets",
        "/b/acme/tickets/new?intent=site-issue",
        "/b/acme/contact",
        "/b/acme/account",
        "/b/acme/account/data",
        "/b/acme/account/erasure",
        "/b/acme/notifications",
        "/b/acme/queue",
        "/b/acme/forum",
        "/b/acme/forum?sort=top",
        "/b/acme/forum/in/scheduling",
        "/b/acme/forum/1002",
        "/b/acme/forum/1002/history",
        "/b/acme/search?q=weather&kind=thread",
    ),
    "agent1@corbel.test": (
        "/queue",
        "/queue?view=all",
        "/queue?view=all&severity=P4&team=legal",
        "/forum/1001",
        "/forum/1002",
        "/forum/1002/order",
        "/forum/1002/text",
        "/forum/1002/removal",
        "/forum/moderation",
    ),
    "lead@corbel.test": (
        "/ideas/1001",
        "/ideas/1001/edition",
        "/ideas/1001/merging",
        "/ideas/1001/votes/new",
        "/ideas/weight",
        "/queue?view=breaching",
        "/whats-new/notes",
        "/whats-new/notes?state=withdrawn",
        "/whats-new/notes/new",
        "/mailbox",
        "/mailbox?view=dead",
        "/articles",
        "/articles?state=due",
        "/articles?q=nothing+like+it",
        "/articles/new",
        "/articles/links",
        "/articles/categories",
        "/articles/choices?q=plan",
        "/articles?order=title",
        "/articles/pictures",
        "/search/synonyms",
        "/guidance",
        "/guidance/screens/new",
        "/guidance/tester",
        "/guidance/tester?url=/projects/7/schedule&language=es&role=field",
        "/guidance/tester?url=/projectz/7/schedule",
        "/guidance/unknown",
        "/guidance/terms",
        "/guidance/terms/new",
        "/guidance/orientations",
        "/guidance/orientations/new",
        "/guidance/exchange",
        "/videos",
        "/videos/new",
    ),
    "admin@corbel.test": (
        "/staff/people",
        "/policy",
        "/policy/simulator",
        "/policy/simulator?pack=luneo",
        "/policy/windows",
        "/administration",
        "/audit",
        "/company/privacy",
        "/staff/sign-on",
        "/staff/sign-on/new",
        "/staff/backlog",
        "/staff/backlog?tracker=jira",
        "/staff/backlog?tracker=linear",
        "/articles/gaps",
        "/roadmap/board",
        "/roadmap/board/new",
        "/articles/gaps?state=aside&kind=unhelpful&days=7",
        "/articles/gaps/outcome",
    ),
}
OF_A_TICKET = {
    "/tickets/<int:number>",
    "/tickets/<int:number>/closure",
    "/tickets/<int:number>/removed/<key>",
    "/tickets/<int:number>/messages/<uuid:message_id>/edition",
    "/tickets/<int:number>/messages/<uuid:message_id>/versions",
    "/mailbox/<uuid:key>",
}
OF_THE_DESK = {
    "/desk/<int:number>",
    "/desk/<int:number>/handover",
    "/desk/<int:number>/snooze",
    "/desk/<int:number>/resolution",
    "/desk/<int:number>/closure",
    "/desk/<int:number>/messages/<uuid:key>/edition",
    "/desk/<int:number>/messages/<uuid:key>/versions",
    "/desk/<int:number>/refusal",
}
ELSEWHERE = {
    "/forum/digest/<token>/end",  # test_forum.py
    "/forum/<int:number>/title",  # a form of one field
    "/forum/replies/<uuid:reply_id>/text",  # the same pages as of a first post, test_forum.py
    "/forum/replies/<uuid:reply_id>/removal",
    "/forum/replies/<uuid:reply_id>/flag",
    "/forum/replies/<uuid:reply_id>/history",
    "/whats-new/notes/<uuid:key>",  # test_whats_new.py, as the next three
    "/whats-new/notes/<uuid:key>/preview",
    "/whats-new/notes/<uuid:key>/publication",
    "/whats-new/notes/<uuid:key>/withdrawal",
    "/account/data/<uuid:key>",  # the same as of oneself
    "/company/desk/<int:number>/articles",  # test_knowledge_from_tickets.py, as the next two
    "/desk/<int:number>/article",
    "/desk/<int:number>/idea",  # test_from_ticket_to_community.py, as the next two
    "/desk/<int:number>/thread",
    "/tickets/<int:number>/publication",
    "/desk/<int:number>/articles",
    "/search/synonyms/<uuid:key>",  # the same form as on the page of all
    "/articles/gaps/<kind>",  # test_knowledge_from_tickets.py
    "/articles/<uuid:key>",  # test_writing_articles.py
    "/articles/<uuid:key>/publication",
    "/articles/<uuid:key>/removal",
    "/articles/<uuid:key>/unpublication",
    "/articles/<uuid:key>/versions",
    "/articles/<uuid:key>/versions/<int:number>",
    "/articles/<uuid:key>/versions/<int:number>/restoration",
    "/articles/categories/<uuid:key>",
    "/articles/pictures/removal",
    "/contact/thanks",  # test_guest.py
    "/company/sign-on/<uuid:connection>",  # test_single_sign_on.py
    "/company/sign-on/<uuid:connection>/removal",
    "/staff/sign-on/<uuid:connection>",  # the same pages
    "/staff/sign-on/<uuid:connection>/removal",
    "/staff/backlog/removal",  # test_backlog.py, as the next
    "/staff/backlog/ideas/<int:number>",
    "/requests/<token>",
    "/links/<token>",  # tests/accounts
    "/invitations/<token>",  # test_invitations.py
    "/company/people/<uuid:key>",
    "/company/keys/<uuid:key>/revocation",
    "/company/people/<uuid:key>/removal",
    "/staff/people/<uuid:key>",
    "/staff/people/<uuid:key>/removal",
    "/gallery",  # tests/design
    "/company/domains/<uuid:key>/removal",  # test_branding.py
    "/policy/windows/<uuid:key>/cancellation",  # tests/policy: this support model has no windows
}
NO_PAGES = {
    "/api/v1/support/feature-requests",
    "/attachments/<uuid:picture_id>",
    "/attachments/<uuid:picture_id>/preview",
    "/forum/replies/<uuid:reply_id>",
    "/forum/replies/<uuid:reply_id>/quotation",
    "/forum/similar",
    "/whats-new.json",
    "/whats-new.rss",
    "/whats-new/notes/ideas",
    "/api/v1/support/releases",
    "/api/v1/support/releases/<id>",
    "/api/v1/support/forum/posts",
    "/api/v1/support/forum/posts/<id>",
    "/desk/of/<uuid:key>",
    "/tickets/new/articles/<uuid:article_id>",
    "/guidance/guidance.json",
    "/api/v1/support/kb/contextual",
    "/api/v1/support/search",
    "/articles/gaps/outcome/readings.csv",
    "/articles/files/<uuid:file>",
    "/account/data/<uuid:key>/file",
    "/kb/<any(en, es):language>/feed.xml",
    "/kb/<any(en, es):language>/in/<path:key>/feed.xml",
    "/kb/files/<uuid:file_id>/<filename>",
    "/roadmap/embed",  # test_roadmap.py, as all that follows
    "/roadmap/embed.js",
    "/roadmap/share.png",
    "/roadmap/<int:number>",
    "/roadmap/<int:number>/share.png",
    "/roadmap/board/<uuid:key>",
    "/roadmap/board/<uuid:key>/edition",
    "/roadmap/board/<uuid:key>/publication",
    "/roadmap/board/<uuid:key>/removal",
    "/roadmap/board/ideas",
    "/roadmap.json",
    "/roadmap.rss",
    "/api/v1/support/roadmap",
    "/robots.txt",
    "/sitemap.xml",
    "/sitemap-<int:number>.xml",
    "/sitemaps.xml",
    "/sitemaps/<name>-<int:number>.xml",
    "/brand/<digest>.css",
    "/brand/<digest>.png",
    "/company/brand/sample.css",
    "/api/v1/openapi.json",
    "/widget/panel",  # test_widget.py, as all that follows
    "/widget/<any(panel, rest, board, tips):name>.<digest>.js",
    "/widget/articles/<language>/<slug>",
    "/widget/board",
    "/widget/contact",
    "/widget/corbel.d.ts",
    "/widget/corbel.js",
    "/widget/files/<uuid:file_id>/<filename>",
    "/widget/films/<language>/<slug>",
    "/widget/home",
    "/widget/search",
    "/widget/submissions/<key>",
    "/widget/terms",
    "/widget/tickets",
    "/widget/tickets/<int:number>",
    "/widget/tickets/<int:number>/attachments/<uuid:attachment_id>",
    "/widget/tickets/<int:number>/attachments/<uuid:attachment_id>/preview",
    "/widget/tickets/<int:number>/conversation",
    "/widget/tour",
    "/widget/watched/<token>/<filename>",
    "/widget/words/<uuid:article_id>",
    "/api/v1/support/kb/articles",
    "/api/v1/support/kb/articles/<slug>",
    "/api/v1/support/tickets",
    "/api/v1/support/tickets/<id>",
    "/desk/mates",
    "/healthz",
    "/live",
    "/metrics",
    "/notifications/count",
    "/readyz",
    "/sign-in/sso/<uuid:connection>",
    "/sign-in/sso/<uuid:connection>/callback",
    "/static/<path:filename>",
    "/static/site.<digest>.<any(css, js):kind>",
    "/tickets/<int:number>/attachments/<uuid:attachment_id>",
    "/tickets/<int:number>/attachments/<uuid:attachment_id>/preview",
    "/requests/<token>/attachments/<uuid:attachment_id>",
    "/requests/<token>/attachments/<uuid:attachment_id>/preview",
}


OF_THE_OFFICE = {
    "/company/desk/<int:number>",
    "/company/desk/<int:number>/resolution",
    "/company/desk/<int:number>/closure",
    "/company/desk/<int:number>/escalation",
    "/company/desk/<int:number>/recall",
    "/company/desk/canned/<uuid:key>",
}


OF_GUIDANCE = {
    "/guidance/screens/<uuid:screen_id>",
    "/guidance/screens/<uuid:screen_id>/removal",
    "/guidance/terms/<uuid:term_id>",
    "/guidance/terms/<uuid:term_id>/removal",
    "/guidance/orientations/<uuid:orientation_id>",
    "/guidance/orientations/<uuid:orientation_id>/removal",
    "/videos/<uuid:video_id>",
    "/videos/<uuid:video_id>/removal",
}
OF_THE_COMMUNITY = {
    "/community/restrictions",
    "/community/restrictions/<uuid:restriction_id>",
    "/community/members/<uuid:user_id>",
    "/community/members/<uuid:user_id>/points",
    "/community/members/<uuid:user_id>/restriction",
}
OF_PRIVACY = {
    "/company/people/<uuid:membership_id>/data",
    "/company/people/<uuid:membership_id>/erasure",
    "/company/privacy/erasures/<uuid:key>/refusal",
}


def rule_of(app: Flask, address: str) -> str:
    within = re.sub(r"^/b/[^/]+", "", urlsplit(address).path)
    with app.test_request_context(within) as context:
        rule = context.request.url_rule
        return rule.rule if rule is not None else ""


def test_no_page_is_left_out(app: Flask) -> None:
    looked_at = {
        rule_of(app, path) for path in VISITOR + tuple(p for all_ in PATHS.values() for p in all_)
    }
    looked_at |= OF_A_TICKET | OF_THE_DESK | OF_THE_OFFICE | OF_PRIVACY | OF_GUIDANCE
    looked_at |= OF_THE_COMMUNITY | ELSEWHERE | NO_PAGES
    rules = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert sorted(rules - looked_at) == [], "add them to a table above"
    assert sorted(looked_at - rules - {""}) == []


def test_visitor(live: Live, open_page: OpenPage) -> None:
    page = open_page(**NARROW)
    for path in VISITOR:
        page.goto(live.url + path)
        assert_fine(page)


@pytest.mark.parametrize("email", PATHS)
def test_role(live: Live, enter: EnterAs, email: str) -> None:
    page = enter(live, email, **NARROW)
    for path in PATHS[email]:
        page.goto(live.url + path)
        assert_fine(page)


def speak(page: Page, language: str) -> None:
    with page.expect_navigation():
        page.locator(f"button[name=locale][value={language}]").evaluate("one => one.click()")


@pytest.mark.parametrize("email", PATHS)
def test_nothing_runs_out_where_words_are_longer(live: Live, enter: EnterAs, email: str) -> None:
    page = enter(live, email, PATHS[email][0], viewport=NARROW_SCREEN)
    before = page.locator("html").get_attribute("lang") or ""
    speak(page, "es")
    try:
        for path in PATHS[email]:
            page.goto(live.url + path)
            expect(page.locator("html")).to_have_attribute("lang", "es")
            assert page.evaluate(OUTSIDE) == [], path
    finally:
        page.goto(live.url + PATHS[email][0])
        speak(page, before)  # for others who are this person


class Tour:
    """Looks at pages as one comes by, and knows which they were."""

    def __init__(self, page: Page, app: Flask) -> None:
        self.page = page
        self.app = app
        self.seen: set[str] = set()

    def look(self) -> None:
        assert_fine(self.page)
        self.seen.add(rule_of(self.app, self.page.url))

    def look_at(self, address: str) -> None:
        self.page.goto(address)
        self.look()

    def follow(self, name: str) -> None:
        self.go_by(self.page.get_by_role("link", name=name).first)

    def go_by(self, link: Locator) -> None:
        with self.page.expect_navigation():  # a click returns before the next page has begun
            link.click()
        self.look()


def test_pages_of_a_customers_ticket(app: Flask, live: Live, enter: EnterAs) -> None:
    page = enter(live, "pm@acme.test", **NARROW)
    tour = Tour(page, app)
    key = "AKIA" + "QWERTY1234UIOPAS"
    number = report(page, live.url, "A narrow ticket", f"The key is {key}, and nothing works.")
    ticket = f"{live.url}/tickets/{number}"
    tour.look()
    tour.follow("Not a secret? Put it back")
    page.goto(ticket)
    write_back(page, "A first word.")
    tour.follow("Change")
    page.get_by_label("Your message").fill("A better word.")
    page.get_by_role("button", name="Save").click()
    expect(message(page, "A better word.")).to_be_visible()
    tour.follow("See what it said before")
    tour.look_at(f"{ticket}/closure")
    page.goto(f"{live.url}/mailbox")
    tour.go_by(page.locator("#letters .rows__title a").first)
    assert tour.seen == OF_A_TICKET


def test_pages_of_the_community(app: Flask, live: Live, enter: EnterAs) -> None:
    tour = Tour(enter(live, "lead@corbel.test", **NARROW), app)
    tour.look_at(f"{live.url}/community/restrictions?state=past")
    tour.follow("Bo Lindgren")
    tour.follow("this person")
    tour.follow("Restrict…")
    tour.follow("Cancel")
    tour.follow("Every point with its cause")
    assert tour.seen == OF_THE_COMMUNITY


def test_pages_of_the_desk(app: Flask, live: Live, enter: EnterAs) -> None:
    number = report(enter(live, "pm@acme.test"), live.url, "A narrow case")
    page = enter(live, "lead@corbel.test", **NARROW)
    tour = Tour(page, app)
    desk = f"{live.url}/desk/{number}"
    page.goto(desk)
    page.get_by_text("Internal note", exact=True).click()
    page.locator("#composer-body").fill("A narrow note.")
    page.get_by_role("button", name="Keep note").click()
    expect(message(page, "A narrow note.")).to_be_visible()
    tour.look()
    tour.follow("Edit")
    page.get_by_label("Your words").fill("A narrower note.")
    page.get_by_role("button", name="Save").click()
    expect(message(page, "A narrower note.")).to_be_visible()
    tour.follow("View original")
    for part in ("handover", "snooze", "resolution", "closure"):
        tour.look_at(f"{desk}/{part}")
    assert tour.seen == OF_THE_DESK - {"/desk/<int:number>/refusal"}  # of what was passed up


def test_pages_of_a_builders_desk(app: Flask, live: Live, enter: EnterAs) -> None:
    client = enter(live, "client@acme.test")
    number = report(client, f"{live.url}/b/acme", "A narrow question", "Is it **done**?")
    page = enter(live, "owner@acme.test", **NARROW)
    tour = Tour(page, app)
    desk = f"{live.url}/company/desk/{number}"
    page.goto(desk)
    page.get_by_text("Internal note", exact=True).click()
    page.locator("#composer-body").fill("A narrow note.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(message(page, "A narrow note.")).to_be_visible()
    tour.look()
    for part in ("resolution", "closure", "escalation"):
        tour.look_at(f"{desk}/{part}")
    page.get_by_label("What you add").fill("A narrow word.")
    page.get_by_role("button", name="Pass it up").click()
    tour.follow("Call it back…")
    page.goto(f"{live.url}/company/desk/canned")
    tour.follow("Book a visit")
    assert tour.seen == OF_THE_OFFICE
    above = page.goto(desk) and page.locator("#office-side a[href^='/tickets/']").first
    address = above.get_attribute("href") if above else ""
    agent = enter(live, "agent1@corbel.test", **NARROW)
    agent.goto(f"{live.url}{str(address).replace('/tickets/', '/desk/')}/refusal")
    assert_fine(agent)


def test_pages_of_guidance(app: Flask, live: Live, enter: EnterAs) -> None:
    tour = Tour(enter(live, "lead@corbel.test", **NARROW), app)
    for path, first in (
        ("/guidance", "Schedule of a project"),
        ("/guidance/terms", "Markup"),
        ("/guidance/orientations", "Scheduling"),
        ("/videos", "Your first schedule"),
    ):
        tour.page.goto(f"{live.url}{path}")
        tour.follow(first)
        tour.follow("Remove it…")
    assert tour.seen == OF_GUIDANCE


def test_pages_of_privacy(app: Flask, live: Live, enter: EnterAs) -> None:
    asking = enter(live, "vendor@acme.test")
    asking.goto(f"{live.url}/b/acme/account/erasure")
    with asking.expect_navigation():
        asking.locator("main form button").click()
    tour = Tour(enter(live, "owner@acme.test", **NARROW), app)
    for name in ("Look and erase", "Refuse"):
        tour.page.goto(f"{live.url}/company/privacy")
        tour.follow(name)
        if name == "Look and erase":
            tour.follow("The person’s data as a file")
    tour.page.goto(f"{live.url}/company/privacy")
    tour.page.get_by_label("Closed requests").fill("12")
    with tour.page.expect_navigation():
        tour.page.get_by_role("button", name="See what would go").click()
    assert_fine(tour.page)
    assert sorted(OF_PRIVACY - tour.seen) == []


def test_a_ticket_of_the_queue_takes_two_lines(live: Live, enter: EnterAs) -> None:
    page = enter(live, "agent1@corbel.test", viewport={"width": 1280, "height": 800})
    page.goto(f"{live.url}/queue?view=all")
    rows = page.locator("#queue-rows tr")
    heights = rows.evaluate_all("rows => rows.map(row => row.offsetHeight)")
    assert heights
    assert max(heights) <= 52
