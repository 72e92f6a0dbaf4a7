"""A company lets its people in with its own identity provider: an owner sets it up, the platform
confirms the domain, and a project manager and a client come in, each by their own door."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.browser import OpenPage
from tests.fixtures.live import Live
from tests.journeys.conftest import EnterAs
from tests.journeys.looks import NARROW, assert_fine
from tests.journeys.spanish import es
from tests.support.oidc_provider import OidcProvider, Person

pytestmark = pytest.mark.once

SECRET = "between the two of us"


@pytest.fixture
def provider() -> Iterator[OidcProvider]:
    with OidcProvider() as running:
        for name in ("pm", "client"):
            running.people[name] = Person(f"sub-{name}", f"{name}@acme.test")
        yield running


def set_up(page: Page, provider: OidcProvider) -> None:
    """From the form for a new connection to one that is tried and on."""
    page.get_by_label("Name on the button").fill("Acme Login")
    page.get_by_label("Issuer").fill(provider.issuer)
    page.get_by_label("Client ID").fill("corbel")
    page.get_by_label("Client secret").fill(SECRET)
    page.get_by_label("E-mail domains").fill("acme.test")
    for whom in ("Our own people", "Our clients"):
        page.get_by_text(whom, exact=True).click()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Test the connection").click()
    expect(page.get_by_text("The provider answers as it should")).to_be_visible()
    assert_fine(page)
    addresses = page.get_by_label("Redirect address")
    provider.register("corbel", SECRET, [box.input_value() for box in addresses.all()])
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_text("Acme Login is on")).to_be_visible()
    assert SECRET not in page.content()
    assert_fine(page)


def come_in(page: Page, email: str) -> None:
    """Through the button that is on the page and the provider's own page."""
    page.get_by_role("link", name="Continue with Acme Login").click()
    expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()
    page.get_by_label(email).check()
    page.get_by_role("button", name="Continue").click()


def test_single_sign_on(
    live: Live, enter: EnterAs, open_page: OpenPage, provider: OidcProvider
) -> None:
    owner = enter(live, "owner@acme.test", "/company/sign-on/new", **NARROW)
    set_up(owner, provider)

    pm = open_page(**NARROW)
    pm.goto(f"{live.url}/sign-in?next=/tickets")
    button = pm.get_by_role("link", name="Continue with Acme Login")
    pm.get_by_label("E-mail address").fill("pm@acme.test")
    pm.get_by_label("Password").focus()
    expect(button).to_have_count(0)  # nobody has confirmed yet whose domain it is
    admin = enter(live, "admin@corbel.test", "/staff/sign-on")
    admin.get_by_role("button", name="Confirm acme.test").click()
    expect(admin.get_by_text("acme.test is confirmed.")).to_be_visible()
    pm.get_by_label("E-mail address").fill("somebody@acme.test")
    pm.get_by_label("Password").focus()
    expect(button).to_be_visible()
    assert_fine(pm)
    come_in(pm, "pm@acme.test")
    pm.wait_for_url(f"{live.url}/tickets")

    client = open_page(locale="es", **NARROW)
    client.goto(f"{live.url}/b/acme/sign-in")
    assert_fine(client)
    client.get_by_role("link", name=es("Continue with %(name)s", name="Acme Login")).click()
    client.get_by_label("client@acme.test").check()
    client.get_by_role("button", name="Refuse").click()
    refused = es(
        "You did not allow the sign-in at %(name)s. Start again, or use another way.",
        name="Acme Login",
    )
    expect(client.get_by_text(refused)).to_be_visible()
    assert_fine(client)
    client.get_by_role("link", name=es("Continue with %(name)s", name="Acme Login")).click()
    client.get_by_label("client@acme.test").check()
    client.get_by_role("button", name="Continue").click()
    client.wait_for_url(f"{live.url}/b/acme/")
    assert "Corbel" not in client.content()

    owner.get_by_role("link", name="Remove this connection").click()
    expect(owner.get_by_text("2 people have signed in with it.")).to_be_visible()
    assert_fine(owner)
    owner.get_by_role("button", name="Remove it").click()
    expect(owner.get_by_text("Acme Login is removed.")).to_be_visible()
    pm.goto(f"{live.url}/tickets")
    expect(pm.get_by_label("Password")).to_be_visible()  # signed out at once
