"""What several journeys do on their way, as people do it: by what they see on the page."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.fixtures.processes import eventually

PATIENCE = 30_000  # milliseconds: an answer waits 15 s for second thoughts before it leaves
NUMBER = re.compile(r"/(?:tickets|desk)/(\d+)")


def sign_in(page: Page, url: str, email: str, password: str = "demo") -> None:
    page.goto(f"{url}/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda address: "/sign-in" not in address)


def describe(page: Page, subject: str, words: str) -> None:
    page.get_by_label("What is wrong?").fill(subject)
    page.get_by_label("What happened?").fill(words)


def send(page: Page) -> int:
    """Sends the report that is on the page; the number of the ticket that comes of it."""
    page.get_by_role("button", name="Send report").click()
    return arrived(page)


def report(page: Page, url: str, subject: str, words: str = "It has been so since nine.") -> int:
    page.goto(f"{url}/tickets/new")
    describe(page, subject, words)
    return send(page)


def arrived(page: Page) -> int:
    """The number of the ticket whose page comes up."""
    page.wait_for_url(NUMBER, wait_until="domcontentloaded")
    return number_of(page)


def number_of(page: Page) -> int:
    found = NUMBER.search(urlsplit(page.url).path)
    assert found, page.url
    return int(found[1])


def listens(page: Page) -> None:
    """Only a page that listens can be expected to update by itself."""
    expect(page.locator("[data-live-url]")).to_have_attribute("data-live", "live")


def mark(page: Page) -> None:
    """From here on `assert_not_reloaded` knows whether this is still the same page."""
    page.evaluate("document.documentElement.dataset.seen = 'here'")


def assert_not_reloaded(page: Page) -> None:
    assert page.evaluate("document.documentElement.dataset.seen") == "here"


def assert_nothing_twice(page: Page) -> None:
    """A part that a refresh sets in a second time would show the page's head above itself."""
    for part in ("h1", "main", "header.site-header"):
        expect(page.locator(part)).to_have_count(1)
    twice = page.evaluate(
        """() => {
            const ids = [...document.querySelectorAll('[id]')].map(node => node.id);
            return ids.filter((id, place) => ids.indexOf(id) !== place);
        }"""
    )
    assert not twice, f"these are there twice: {twice}"
    stray = page.evaluate(
        """() => [...document.querySelectorAll('h1, .page-head, .desk-head')]
            .filter(node => !node.closest('main')).map(node => node.outerHTML.slice(0, 80))"""
    )
    assert not stray, f"outside the page's main part: {stray}"


def message(page: Page, words: str) -> Locator:
    return page.locator("article.message", has_text=words)


def answer(page: Page, words: str, then: str = "Send") -> None:
    """An agent's free reply from the ticket screen."""
    page.locator("#composer-body").fill(words)
    page.get_by_role("button", name=then, exact=True).click()
    expect(message(page, words)).to_be_visible()


def write_back(page: Page, words: str) -> None:
    """A customer's reply from the ticket page."""
    page.get_by_label("Write a reply").fill(words)
    page.locator("#composer").get_by_role("button", name="Send", exact=True).click()
    expect(message(page, words)).to_be_visible()


def link_in_the_letter(mailbox: Page, to: str, title: str, kind: str) -> str:
    """Of the newest such letter in the demo's mailbox, where whoever runs operations reads it. It
    is written by the worker: the page is asked again until it is there."""
    letter = mailbox.locator("#letters li", has_text=to).get_by_role("link", name=title)
    eventually(lambda: mailbox.reload() and letter.count(), PATIENCE / 1000)
    letter.first.click()
    mailbox.get_by_text("Plain text").click()
    found = re.search(rf"http://\S+/{kind}/\S+", mailbox.locator("pre").first.inner_text())
    assert found
    return found[0]
