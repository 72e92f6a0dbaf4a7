"""Asking, telling and answering."""

from typing import Any
from uuid import uuid4

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.community.service.restrictions import refuse_if_restricted
from portal.core.audience import reader_of
from portal.core.forum import page_of
from portal.core.permissions import Permission
from portal.core.reputation import Held
from portal.core.secrets import Finding
from portal.forum.addresses import thread_path
from portal.forum.forms import PostForm, ReplyForm
from portal.forum.models import Kind, Post, Reply, State
from portal.forum.service import posting
from portal.forum.service.posting import Locked, NewPost, SentTwice, TooMany
from portal.forum.service.texts import NothingWritten, TooLong
from portal.forum.views.blueprint import WRITING, categories, forum, post_of, shown, to_reply
from portal.forum.views.threads import draft_place, thread_page
from portal.forum.wording import HELD, KIND_HINTS, KINDS
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.speech import language, ngettext
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import see_other
from portal.foundation.web.limits import limiter
from portal.search.documents import Hit, Question
from portal.search.service import find
from portal.writing.service import drafts

NEW = "forum:new"
ALIKE = ("thread", "article")
SOME = 5
SHORTEST = 8  # characters of a title that say what it is about
OFTEN = "120 per minute"  # while one types


@forum.get("/new", endpoint="new")
@requires(Permission.TAKE_PART)
def blank() -> Response:
    """With what was typed before, or what the address says. Who may not write now is told before
    they have typed anything."""
    refuse_if_restricted(db(), the_actor(), at=utcnow())
    draft = drafts.find(db(), NEW, by=the_actor())
    kept = draft.fields if draft else {}
    asked = {name: request.args.get(name, "")[:300] for name in ("title", "category", "kind")}
    values = {"kind": Kind.QUESTION.value} | kept | {k: v for k, v in asked.items() if v}
    form = PostForm(categories(), formdata=None, data=values)
    return _form_page(form, saved_at=draft.updated_at if draft else None)


def _form_page(
    form: PostForm, *, hits: Any = None, saved_at: Any = None, status: int = 200
) -> Response:
    return shown(
        "forum/new.html",
        status=status,
        form=form,
        names=categories(),
        kinds=KINDS,
        kind_hints=KIND_HINTS,
        press=form.press.data or str(uuid4()),
        hits=hits,
        saved_at=saved_at,
    )


@forum.get("/similar", endpoint="similar")
@limiter.limit(OFTEN)
@requires(Permission.TAKE_PART)
def similar() -> Response:
    """While a title is typed."""
    return shown("forum/similar.html", hits=_alike(request.args.get("title", "")))


def _alike(title: str) -> list[Hit]:
    words = title[:300].strip()
    if len(words) < SHORTEST:
        return []
    question = Question(words, language(), kinds=ALIKE, limit=SOME)
    reader = reader_of(the_actor(), at_portal=False)
    return list(find(db(), question, reader).hits)


@forum.post("", endpoint="begin")
@limiter.limit(WRITING)
@requires(Permission.TAKE_PART)
def begin() -> Response:
    form = PostForm(categories())
    if not form.validate():
        return _form_page(form, status=422)
    if not form.seen.data and (hits := _alike(form.title.data)):
        return _form_page(form, hits=hits)
    new = NewPost(
        kind=Kind(form.kind.data),
        category=form.category.data,
        language=language(),
        title=form.title.data,
        body=form.body.data,
        key=form.press.data or "",
    )
    try:
        posted = posting.begin(db(), new, by=the_actor(), at=utcnow())
    except (NothingWritten, TooLong):
        return _form_page(form, status=422)
    except TooMany:
        db().rollback()
        form.body.errors = [_too_many()]
        return _form_page(form, status=429)
    except SentTwice:
        return see_other(url_for("forum.front", sort="new"))
    drafts.forget(db(), NEW, by=the_actor())
    _say_masked(posted.masked)
    _say_where(posted.post, _("It is there. You will hear of replies."))
    return see_other(thread_path(posted.post.number, posted.post.title))


@forum.post("/<int:number>/replies", endpoint="answer")
@limiter.limit(WRITING)
@requires(Permission.TAKE_PART)
def answer(number: int) -> Response:
    post, form = post_of(number), ReplyForm()
    last = page_of(post.last_number)
    if not form.validate():
        return thread_page(post, form, page=last, status=422)
    try:
        done = posting.reply(
            db(), post, form.body.data, form.press.data or "", by=the_actor(), at=utcnow()
        )
    except Locked:
        db().rollback()
        form.body.errors = [
            _("This thread was locked meanwhile. Your text is still here; copy it to keep it.")
        ]
        return thread_page(post_of(number), form, page=last, status=409)
    except TooMany:
        db().rollback()
        form.body.errors = [_too_many()]
        return thread_page(post_of(number), form, page=last, status=429)
    except SentTwice:
        return see_other(thread_path(post.number, post.title))
    drafts.forget(db(), draft_place(post), by=the_actor())
    _say_masked(done.masked)
    _say_where(done.reply)
    return to_reply(post, done.reply)


def _say_where(what: Post | Reply, else_said: str = "") -> None:
    if what.state == State.HELD:
        why = HELD[Held(what.held_because)]
        said = _("A moderator looks at it first, then everybody can read it. %(why)s", why=why)
        flash(said, "info")
    elif else_said:
        flash(else_said)


def _too_many() -> str:
    return _(
        "This is more than a day takes at your level. Your text is still here: send it tomorrow."
    )


def _say_masked(findings: tuple[Finding, ...] | Any) -> None:
    """Everybody can read it: what looked like a password is not there."""
    if findings:
        flash(
            ngettext(
                "We took out %(num)s thing that looked like a password or a key. If it was real, "
                "change it.",
                "We took out %(num)s things that looked like passwords or keys. If they were "
                "real, change them.",
                len(findings),
            ),
            "warn",
        )
