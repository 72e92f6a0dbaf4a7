"""A thread, a page at a time."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from flask import request
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from portal.community.service import restrictions
from portal.core.forum import is_author, may_accept, may_edit, pages
from portal.core.permissions import Actor, Permission
from portal.forum.addresses import reply_path, thread_path
from portal.forum.forms import ReplyForm
from portal.forum.models import Kind, Post, State
from portal.forum.queries import thread as queries
from portal.forum.service import posting, reading
from portal.forum.views.blueprint import (
    OFTEN,
    categories,
    companies,
    forum,
    moderates,
    post_of,
    readable,
    reply_of,
    shown,
    who,
)
from portal.forum.views.lists import WHY
from portal.forum.views.metadata import linked_data
from portal.forum.views.placing import within
from portal.foundation.clock import utcnow
from portal.foundation.web.access import public, requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.limits import limiter
from portal.foundation.web.site import is_portal
from portal.writing.service import drafts

MOST_QUOTED = 2_000  # characters


@dataclass(frozen=True, slots=True)
class Rights:
    """What the reader may do here; of single replies the template asks with them."""

    actor: Actor | None
    takes_part: bool
    moderates: bool
    accepts: bool
    writes: bool
    restricted: bool
    locked: bool
    sees_profiles: bool

    @property
    def user_id(self) -> UUID | None:
        return self.actor.user_id if self.actor else None

    def edits(self, author_id: UUID | None) -> bool:
        actor = self.actor
        return actor is not None and may_edit(actor, author_id, locked=self.locked)

    def retitles(self, author_id: UUID | None) -> bool:
        """Whoever edits the whole needs nothing else."""
        actor = self.actor
        may = actor is not None and actor.may(Permission.EDIT_TITLES)
        return may and not self.edits(author_id)

    def removes(self, author_id: UUID | None) -> bool:
        return self.moderates or (self.takes_part and is_author(self.actor, author_id))

    def flags(self, author_id: UUID | None) -> bool:
        """Moderators do something about it themselves."""
        return self.takes_part and not self.moderates and author_id != self.user_id

    def votes(self, author_id: UUID | None) -> bool:
        return self.takes_part and author_id != self.user_id


@forum.get("/<int:number>", endpoint="thread")
@forum.get("/<int:number>/<slug>", endpoint="thread")
@public(WHY)
def thread(number: int, slug: str = "") -> Response:
    post = queries.post(db(), number)
    if post is not None and post.state == State.MERGED and post.merged_into_id is not None:
        into = queries.titles(db(), [post.merged_into_id])[post.merged_into_id]
        return redirect(within(thread_path(into.number, into.title)), 301)
    return thread_page(readable(post), ReplyForm(formdata=None))


def thread_page(post: Post, form: ReplyForm, *, page: int = 0, status: int = 200) -> Response:
    number = page or _asked_page(post)
    long = pages(post.last_number) > 1
    found = queries.replies(db(), post.id, number, answers=long and post.answered_at is not None)
    rows, answers = found.replies, found.answers if long else _answers(post, found.replies)
    return shown(
        "forum/thread.html",
        status=status,
        post=post,
        builders=companies({post.builder_id, *_builders(rows, answers)}),
        category_name=categories(post.category)[post.category],
        replies=rows,
        answers=_apart(answers, rows),
        became=queries.titles(db(), [row.became_id for row in rows if row.became_id]),
        page=number,
        pages=pages(post.last_number),
        rights=_rights(post),
        form=form,
        press=form.press.data or str(uuid4()),
        written=_written(post, form),
        about=_about(post, answers, rows, number),
        **_mine(post, rows, answers),
    )


def _about(post: Post, answers: Any, rows: Any, page: int) -> dict[str, Any] | None:
    """Said once of what everybody may read, where it is at home: to those who ask as a search
    engine does, with no name."""
    if is_portal() or who() is not None or page > 1 or post.state != State.PUBLISHED:
        return None
    return linked_data(post, answers, rows)


def _asked_page(post: Post) -> int:
    """Raises NotFound for a page behind the last."""
    asked = request.args.get("page", "1")
    number = int(asked) if asked.isdecimal() else 1
    if not 1 <= number <= pages(post.last_number):
        raise NotFound
    return number


def _answers(post: Post, rows: Any) -> Any:
    """Where there is but one page, they stand on it."""
    if post.answered_at is None:
        return ()
    marked = [row for row in rows if row.verified_at or row.accepted_at]
    return sorted(marked, key=lambda row: row.verified_at is None)


def _apart(answers: Any, rows: Any) -> list[Any]:
    """Not what stands right below the question anyway."""
    first = rows[0].id if rows else None
    return [one for one in answers if one.id != first]


def _builders(*lists: Any) -> set[UUID | None]:
    return {row.builder_id for rows in lists for row in rows}


def _rights(post: Post) -> Rights:
    actor = who()
    restricted = _is_restricted(actor)
    takes_part = actor is not None and actor.may(Permission.TAKE_PART) and not restricted
    return Rights(
        actor=actor,
        takes_part=takes_part,
        moderates=moderates(),
        accepts=actor is not None
        and post.kind == Kind.QUESTION
        and may_accept(actor, post.author_id),
        writes=posting.is_open(post, actor) and not restricted,
        restricted=restricted,
        locked=post.locked_at is not None,
        sees_profiles=not is_portal(),
    )


def _is_restricted(actor: Actor | None) -> bool:
    return actor is not None and restrictions.in_force(db(), actor, at=utcnow()) is not None


def _mine(post: Post, rows: Any, answers: Any) -> dict[str, Any]:
    actor = who()
    if actor is None or actor.user_id is None:
        return {"voted": frozenset(), "mine": queries.Mine()}
    ids = {post.id, *(row.id for row in rows), *(row.id for row in answers)}
    return {
        "voted": queries.voted_for(db(), actor.user_id, ids),
        "mine": queries.mine(db(), actor.user_id, post.id),
    }


def _written(post: Post, form: ReplyForm) -> dict[str, Any]:
    """What the reader has typed here, and what they quote."""
    actor = who()
    if actor is None or actor.user_id is None:
        return {"text": "", "saved_at": None}
    if form.body.raw_data is not None:
        return {"text": form.body.data, "saved_at": None}
    draft = drafts.find(db(), draft_place(post), by=actor)
    text = draft.fields.get("body", "") if draft else ""
    quoted = _quoted(post)
    if quoted and quoted not in text:
        text = f"{text}\n\n{quoted}".strip() + "\n\n"
    return {"text": text, "saved_at": draft.updated_at if draft else None}


def draft_place(post: Post) -> str:
    return f"forum:{post.id}"


def _quoted(post: Post) -> str:
    """`?quote=` the id of a reply, or of the first post."""
    asked = request.args.get("quote", "")
    if not asked:
        return ""
    try:
        key = UUID(asked)
    except ValueError:
        return ""
    if key == post.id:
        return quotation(post.author_name, post.body)
    found = queries.reply(db(), key)
    if found is None or found[0].id != post.id or found[1].state != State.PUBLISHED:
        return ""
    return quotation(found[1].author_name, found[1].body)


def quotation(name: str, body: str) -> str:
    """As Markdown, without what was quoted in it."""
    own = [line for line in body.splitlines() if not line.startswith(">")]
    words = "\n".join(own).strip()[:MOST_QUOTED]
    return "\n".join(f"> {line}".rstrip() for line in [f"**{name}:**", *words.splitlines()])


@forum.get("/replies/<uuid:reply_id>", endpoint="reply")
@public(WHY)
def permalink(reply_id: UUID) -> Response:
    """Where it stands now."""
    post, reply = reply_of(reply_id)
    if reply.became_id is not None:
        new = queries.titles(db(), [reply.became_id])[reply.became_id]
        return redirect(within(thread_path(new.number, new.title)))
    if reply.number is None:
        return redirect(within(thread_path(post.number, post.title)))
    return redirect(within(reply_path(post.number, post.title, reply.number)))


@forum.get("/replies/<uuid:reply_id>/quotation", endpoint="quotation")
@requires(Permission.TAKE_PART)
def quoted(reply_id: UUID) -> Response:
    """What the page's script puts into the reply."""
    _post, reply = reply_of(reply_id)
    return Response(quotation(reply.author_name, reply.body), mimetype="text/plain")


@forum.post("/<int:number>/position", endpoint="position")
@limiter.limit(OFTEN)
@requires(Permission.USE_ACCOUNT)
def position(number: int) -> Response:
    """How far somebody has read, as the page's script says it."""
    post = post_of(number)
    asked = request.form.get("read_to", "")
    if asked.isdecimal() and len(asked) < 9:
        seen = min(int(asked), post.last_number)
        reading.read_to(db(), post.id, seen, by=the_actor(), at=utcnow())
    return Response(status=204)
