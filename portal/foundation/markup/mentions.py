"""Who is called by name in a text."""

from portal.foundation.markup.parsing import clean, is_bounded, parsed


def mentions_in(markdown: str) -> list[str]:
    """The names after @, once each and in order; not those in code, links or quotes."""
    text = clean(markdown)
    if not is_bounded(text):
        return []
    names: dict[str, None] = {}
    quotes = 0
    for token in parsed(text):
        quotes += token.nesting if token.type.startswith("blockquote") else 0
        if not quotes:
            names |= {mark.content: None for mark in token.children or () if mark.type == "mention"}
    return list(names)
