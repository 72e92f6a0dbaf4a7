"""Problems with the line of the file on which they stand: texts are turned before they are read,
so that what was written is looked for where it came from."""

from collections.abc import Callable

from portal.kb.importing.pages import Page
from portal.kb.importing.report import Report
from portal.kb.markup import Rendered

_OWN = frozenset(
    {"broken_anchor", "refused_link", "as_typed", "missing_video", "unknown_directive"}
)
"""What only the renderer knows; the rest was told when links were turned."""


def teller(page: Page, report: Report) -> Callable[[str, str], None]:
    def say(what: str, detail: str) -> None:
        report.say(page.file, _line(page, what, detail.split("\n")[0]), what, detail)

    return say


def tell(report: Report, page: Page, made: Rendered) -> None:
    """What the renderer could not do; a link that leads nowhere is told once."""
    say = teller(page, report)
    broken = {one.detail for one in report.problems_of(page.file) if one.what == "broken_link"}
    for problem in made.problems:
        if problem.kind in _OWN and problem.what not in broken:
            say(problem.kind, problem.what)


def _line(page: Page, what: str, written: str) -> int:
    raw = page.parted.body
    place = raw.find(f"<{written}" if what.endswith("component") else written)
    return page.parted.above + raw.count("\n", 0, place) + 1 if place >= 0 else 0
