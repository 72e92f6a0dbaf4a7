"""Draws the pictures of the demo's help centre anew: `python -m tests.ops.figures`.

They show an app that doesn't exist, so they are pages written here (`figures.html`).
"""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.fixtures.browser import launch

HERE = Path(__file__).parent
HELP = Path("portal/ops/demo/help")
WIDE, PHONE = (960, 540), (390, 570)
FIGURES = {
    "new-project": WIDE,
    "schedule": WIDE,
    "dependencies": (960, 380),
    "crews": (960, 470),
    "estimate": (960, 430),
    "invoice": (960, 480),
    "daily-log": PHONE,
    "client-today": (960, 500),
    "approve": (960, 440),
}


def main() -> None:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page()
        for language in ("en", "es"):
            for name, size in FIGURES.items():
                draw(page, name, size, language)
        browser.close()


def draw(page: Page, name: str, size: tuple[int, int], language: str) -> None:
    template = Environment(loader=FileSystemLoader(HERE), autoescape=True).get_template(
        "figures.html"
    )

    def say(english: str, spanish: str) -> str:
        return spanish if language == "es" else english

    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.set_content(template.render(figure=name, t=say, language=language))
    path = HELP / language / "img" / f"{name}.png"
    path.parent.mkdir(exist_ok=True)
    page.screenshot(path=path)
    with Image.open(path) as image:
        few = image.convert("RGB").quantize(128, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


if __name__ == "__main__":
    main()
