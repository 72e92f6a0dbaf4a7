"""The screens of the host, with fields that have help: enough of a platform to press "?" on."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

PAGES: Final = Path(__file__).resolve().parent / "pages"


@dataclass(frozen=True, slots=True)
class Screen:
    """`label` is how the navigation calls it; "" leaves it out."""

    path: str
    file: str
    title: str
    label: str
    module: str

    @property
    def html(self) -> str:
        return _text(self.file)


SCREENS: Final = (
    Screen("/projects/482/schedule", "schedule", "Schedule", "Schedule", "scheduling"),
    Screen("/projects/482/daily-log", "daily-log", "Daily log", "Daily log", "scheduling"),
    Screen("/projects/482/estimates", "estimates", "Estimates", "Estimates", "estimating"),
    Screen("/projects/482/estimates/88", "estimate", "Kitchen and pantry", "", "estimating"),
    Screen("/invoices", "invoices", "Invoices", "Invoices", "invoicing"),
    Screen("/projects/482/portal", "portal", "Your home", "Client view", "client_portal"),
    Screen("/settings/cost-codes", "cost-codes", "Cost codes", "Cost codes", "settings"),
    Screen("/welcome", "welcome", "Girder", "", ""),
)


def screen_at(path: str) -> Screen | None:
    return next((one for one in SCREENS if one.path == path.rstrip("/")), None)


@cache
def _text(name: str) -> str:
    return (PAGES / f"{name}.html").read_text("utf-8")
