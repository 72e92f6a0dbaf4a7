"""What comes out of the renderer, read as a browser reads it."""

from collections.abc import Collection, Mapping
from html.parser import HTMLParser
from uuid import UUID

from portal.kb.markup import Asked, Target
from portal.kb.markup.sanitising import ATTRIBUTES, CLASSES, TAGS

FILE = "0190abcd-1234-7abc-8def-0123456789ab"
PICTURE = f"/kb/files/{FILE}/plan.png"
PAPER = "0190abcd-1234-7abc-8def-00000000000f"
TOPIC = UUID("0190abcd-1234-7abc-8def-aaaaaaaaaaaa")
NEVER = {"script", "style", "iframe", "object", "embed", "svg", "math", "form", "input", "base"}


def known(asked: Collection[Asked]) -> Mapping[Asked, Target]:
    """Everything is there but `gone`."""
    return {one: _target(one) for one in asked if one.key != "gone"}


def _target(one: Asked) -> Target:
    match one.kind:
        case "file" if one.key == PAPER:
            return Target(f"/kb/files/{PAPER}/plan.pdf", title="plan.pdf")
        case "file":
            return Target(f"/kb/files/{one.key}/plan.png", width=640, height=400)
        case "video":
            return Target(f"/kb/en/videos/{one.key}", title="A film")
        case "category":
            return Target(f"/kb/en/in/{one.key}")
    return Target(f"/kb/{one.language or 'en'}/{one.key}", topic_id=TOPIC)


class Page(HTMLParser):
    """The elements with their attributes, and the words."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


def assert_harmless(html: str) -> None:
    """Nothing outside the allow-list, and nothing that leads where it should not."""
    page = Page(html)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids)), html
    for tag, attributes in page.elements:
        assert tag in TAGS, html
        assert tag not in NEVER, html
        names = set(attributes) - {"class"}
        assert names <= ATTRIBUTES.get(tag, frozenset()), html
        assert not any(name.startswith("on") or name == "style" for name in names), html
        assert set(attributes.get("class", "").split()) <= CLASSES.get(tag, frozenset()), html
        if "href" in attributes:
            assert attributes["href"].startswith(
                ("http://", "https://", "mailto:", "tel:", "#", "corbel:/kb/")
            ), html
        if tag == "img":
            assert attributes["src"].startswith("corbel:/kb/files/"), html
