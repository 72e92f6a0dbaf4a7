"""How a page must look on a narrow screen, in light and in dark."""

from playwright.sync_api import Page

from tests.fixtures.browser import violations

WIDTH = 360
NARROW = {
    "viewport": {"width": WIDTH, "height": 740},
    "bypass_csp": True,
    "reduced_motion": "reduce",  # a colour on its way to another is no colour to measure
}
"""Options of a context for `assert_fine`."""

OUTSIDE = f"""() => document.scrollingElement.scrollWidth <= {WIDTH} ? [] :
    [...document.body.querySelectorAll('*')]
        .filter(node => node.getBoundingClientRect().right > {WIDTH + 1})
        .map(node => node.outerHTML.slice(0, 120)).slice(0, 5)"""


def assert_fine(page: Page) -> None:
    """Nothing runs out at the side, and axe has nothing to say."""
    page.wait_for_load_state()
    assert page.evaluate(OUTSIDE) == [], page.url
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == [], f"{page.url} in {scheme}"
