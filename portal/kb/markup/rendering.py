"""From what an editor wrote to what a reader sees."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from markdown_it.token import Token

from portal.kb.markup.headings import outline_of
from portal.kb.markup.parsing import LONGEST, Knotty, clean, parsed
from portal.kb.markup.plain import lead_of, shortened, text_of
from portal.kb.markup.sanitising import sanitised
from portal.kb.markup.shapes import Asked, Heading, Links, Problem, Rendered, Target
from portal.kb.markup.shaping import shape
from portal.kb.markup.writing import Writer, asked_in

__all__ = ["LONGEST", "render", "render_all"]


def _nothing(asked: Collection[Asked]) -> Mapping[Asked, Target]:
    return {}


def render(source: str, *, language: str = "en", links: Links = _nothing) -> Rendered:
    """`links` is asked once, or never where nothing of ours is pointed at; titles that callouts
    did not bring are worded in `language`. What is too long or too knotty is shown as typed."""
    [made] = render_all([source], language=language, links=links)
    return made


def render_all(
    sources: Sequence[str], *, language: str = "en", links: Links = _nothing
) -> list[Rendered]:
    """As `render`, each; `links` is asked once for all of them."""
    read = [_read(clean(source)) for source in sources]
    asked = {one for text in read if isinstance(text, _Read) for one in text.asked}
    known = links(asked) if asked else {}
    return [
        _written(text, language, known) if isinstance(text, _Read) else _as_typed(text)
        for text in read
    ]


@dataclass(frozen=True, slots=True)
class _Read:
    tokens: list[Token]
    outline: list[Heading]
    anchors: Mapping[str, str]
    asked: Collection[Asked]


def _read(source: str) -> _Read | str:
    """The text itself where nobody can make anything of it."""
    try:
        tokens = parsed(source)
    except Knotty:
        return source
    outline, anchors = outline_of(tokens)
    shape(tokens)
    return _Read(tokens, outline, anchors, asked_in(tokens))


def _written(text: _Read, language: str, known: Mapping[Asked, Target]) -> Rendered:
    writer = Writer(language, known, text.anchors)
    html = writer.write(text.tokens)
    return Rendered(
        html=sanitised(html),
        text=text_of(text.tokens),
        lead=lead_of(text.tokens),
        outline=text.outline,
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
