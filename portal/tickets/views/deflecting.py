"""What stands beside a ticket's form while it is written: answers to read without leaving it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import request
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.core.audience import reader_of
from portal.core.permissions import Actor
from portal.foundation.clock import utcnow
from portal.foundation.web.access import public
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.formatting import language
from portal.foundation.web.fragments import is_htmx, page
from portal.foundation.web.limits import limiter
from portal.foundation.web.site import is_portal, the_site
from portal.foundation.web.visitors import visitor as visitor_digest
from portal.kb.markup.showing import at_root
from portal.kb.queries import reading as articles
from portal.kb.service.reader import Whose
from portal.search.documents import Hit
from portal.tickets import deflection
from portal.tickets.deflection import SURFACE
from portal.tickets.forms.customer import chosen_files
from portal.tickets.views import support
from portal.tickets.views.reader import visitor

_NAMED = re.compile(r'(<[a-z][a-z0-9]*[^<>]*?) id="[^"<>]*"')
READ = "read"  # the field that says what was unfolded
ONLY_HERE = frozenset({"csrf_token", "article", "use", "keep", "check", "choose"})


@dataclass(frozen=True, slots=True)
class Offered:
    """A suggestion: `body` lies ready where it can't be fetched, or has been unfolded."""

    hit: Hit
    href: str
    body: Markup | None = None
    open: bool = False

    @property
    def readings(self) -> str:
        """Where it is told that it was read; of articles alone."""
        path = f"/kb/{self.hit.language}/articles/{self.hit.id}/readings"
        return f"{request.script_root}{path}" if self.hit.kind == "article" else ""


def offered(words: str, module: str = "") -> list[Offered]:
    """For the words of the form as they stand."""
    actor = visitor()
    hits = deflection.suggested(
        db(),
        the_reader(),
        words,
        language=language(),
        module=module,
        role=actor.role if actor else "",
    )
    return list(_with_bodies(hits, set(chosen_files(request.form.getlist(READ)))))


def the_reader() -> Any:
    return reader_of(visitor(), at_portal=is_portal())


def _with_bodies(hits: Sequence[Hit], unfolded: set[UUID]) -> Iterator[Offered]:
    """Without a script all of them lie in the page; with one they are fetched when unfolded."""
    for hit in hits:
        path = f"{request.script_root}{hit.path}?from={SURFACE}"
        is_open = hit.id in unfolded
        if hit.kind != "article" or (is_htmx() and not is_open):
            yield Offered(hit, path)
        else:
            yield Offered(hit, path, _body_of(hit.id), is_open)


def _body_of(article_id: UUID) -> Markup | None:
    row = articles.article_by_id(db(), the_reader(), article_id)
    if row is None:
        return None
    return at_root(unnamed(row.body_html), request.script_root)


def unnamed(html: str) -> str:
    """Beside a form headings must not answer to the names of its own parts."""
    return _NAMED.sub(r"\1", html)


@support.get("/tickets/new/articles/<uuid:article_id>", endpoint="suggested_article")
@public("whoever may read an article may read it beside the form")
def article(article_id: UUID) -> Response:
    """The words alone, to be folded out."""
    body = _body_of(article_id)
    if body is None:
        raise NotFound
    return page("tickets/customer/_suggested_article.html", body=body, article_id=article_id)


def solve(action: str, kept: Sequence[UUID] = ()) -> Response:
    """Nothing is sent; `action` is where the form comes back from, with all that was written."""
    row = settle()
    return page(
        "tickets/customer/solved.html",
        article=row,
        href=f"{request.script_root}/kb/{row.language}/{row.slug}",
        written=written(kept),
        action=action,
    )


def settle() -> Any:
    """The article that was enough, which is counted to its credit."""
    row = articles.article_by_id(db(), the_reader(), _chosen())
    if row is None:
        raise NotFound
    deflection.solved(db(), row, _whose(), at=utcnow())
    return row


def take_back() -> None:
    deflection.not_solved(db(), _chosen(), _whose())


def _chosen() -> UUID:
    keys = chosen_files(request.form.getlist("article"))
    if not keys:
        raise NotFound
    return keys[0]


def written(kept: Sequence[UUID] = ()) -> list[tuple[str, str]]:
    """All that stood in the form; `kept` are its files."""
    said = request.form.items(multi=True)
    words = [(name, value) for name, value in said if name not in ONLY_HERE and name != "kept"]
    return words + [("kept", str(key)) for key in kept]


def _whose() -> Whose:
    actor: Actor | None = visitor()
    return Whose(visitor_digest(), actor, the_site().builder_id, SURFACE)


LIMIT = "60 per minute"
limited = limiter.shared_limit(LIMIT, scope="deflection")
