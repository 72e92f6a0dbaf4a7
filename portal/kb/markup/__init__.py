"""The dialect in which articles are written, as HTML that can do no harm in our pages.

README.md beside this file is the page about the dialect for those who write.
"""

from portal.kb.markup.rendering import LONGEST, render, render_all
from portal.kb.markup.shapes import Asked, Link, Links, Problem, Rendered, Target

__all__ = [
    "LONGEST",
    "Asked",
    "Link",
    "Links",
    "Problem",
    "Rendered",
    "Target",
    "render",
    "render_all",
]
