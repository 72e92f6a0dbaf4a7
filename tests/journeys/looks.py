"""How a page must look, in light and in dark; what looks well on a narrow screen seldom fails on a
wide one."""

from playwright.sync_api import Page

from tests.fixtures.browser import violations

NARROW_SCREEN, WIDE_SCREEN = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
NARROW = {
    "viewport": NARROW_SCREEN,
    "bypass_csp": True,
}
"""Options of a context for `assert_fine`."""

OUTSIDE = """() => document.scrollingElement.scrollWidth <= innerWidth ? [] :
    [...document.body.querySelectorAll('*')]
        .filter(node => node.getBoundingClientRect().right > innerWidth + 1)
        .map(node => node.outerHTML.slice(0, 120)).slice(0, 5)"""


def assert_fine(page: Page) -> None:
    """Nothing runs out at the side, and axe has nothing to say."""
    page.wait_for_load_state()
    assert page.evaluate(OUTSIDE) == [], page.url
    for scheme in ("light", "dark"):
        # a colour on its way to another is no colour to measure
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = violations(page)
        assert found == [], f"{page.url} in {scheme}: {found}"


def assert_fine_at_any_width(page: Page) -> None:
    for screen in (WIDE_SCREEN, NARROW_SCREEN):
        page.set_viewport_size(screen)
        assert_fine(page)
