"""Where in a text something was found, and what."""

Span = tuple[int, int, str]  # start, end, kind
