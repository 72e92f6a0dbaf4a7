"""From what an editor wrote to what a reader sees."""

from collections.abc import Collection, Mapping
from html import escape

from portal.kb.markup.headings import outline_of
from portal.kb.markup.parsing import LONGEST, Knotty, clean, parsed
from portal.kb.markup.plain import lead_of, shortened, text_of
from portal.kb.markup.sanitising import sanitised
from portal.kb.markup.shapes import Asked, Links, Problem, Rendered, Target
from portal.kb.markup.shaping import shape
from portal.kb.markup.writing import Writer, asked_in

__all__ = ["LONGEST", "render"]


def _nothing(asked: Collection[Asked]) -> Mapping[Asked, Target]:
    return {}


def render(source: str, *, language: str = "en", links: Links = _nothing) -> Rendered:
    """`links` is asked once, or never where nothing of ours is pointed at; titles that callouts
    did not bring are worded in `language`. What is too long or too knotty is shown as typed."""
    source = clean(source)
    try:
        tokens = parsed(source)
    except Knotty:
        return _as_typed(source)
    outline, anchors = outline_of(tokens)
    shape(tokens)
    asked = asked_in(tokens)
    writer = Writer(language, links(asked) if asked else {}, anchors)
    html = writer.write(tokens)
    return Rendered(
        html=sanitised(html),
        text=text_of(tokens),
        lead=lead_of(tokens),
        outline=outline,
        links=list(writer.links.values()),
        files=list(writer.files),
        videos=list(writer.videos),
        problems=writer.problems,
    )


def _as_typed(source: str) -> Rendered:
    runs = [run.strip("\n") for run in source.split("\n\n")]
    html = "".join(f"<p>{escape(run)}</p>\n" for run in runs if run.strip()).replace(
        "\n<", "<br>\n<"
    )
    text = source.strip()
    return Rendered(
        html=sanitised(html),
        text=text,
        lead=shortened(" ".join(text[:2000].split())),
        problems=[Problem(1, "as_typed", f"{len(source)} characters")],
    )
