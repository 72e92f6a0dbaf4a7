"""The page on which an article is written, and what happens when two write at once."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import jsonify, request, url_for
from werkzeug.wrappers import Response

from portal.core.merging import Choice, clashes, merge, settle
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.runtime import current_runtime
from portal.foundation.speech import gettext as _
from portal.foundation.storage import RefusedFile, StoreUnavailable
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.formatting import when
from portal.foundation.web.fragments import is_htmx, page, see_other
from portal.foundation.web.site import the_site
from portal.kb.addresses import file_path
from portal.kb.forms.editing import PlaceForm, TextForm, base_of, place_form, text_form
from portal.kb.markup.showing import at_root
from portal.kb.models import Article, Draft
from portal.kb.queries import editing as queries
from portal.kb.service import files, reviewing
from portal.kb.service.checking import Finding, check
from portal.kb.service.drafting import (
    BadText,
    Conflict,
    Seen,
    Text,
    checked,
    seen_of,
    text_of,
    write,
)
from portal.kb.service.placing import may_place
from portal.kb.service.rendering import rendered
from portal.kb.views.editing import translations, wording
from portal.kb.views.editing.blueprint import editing, the_article
from portal.kb.views.editing.options import with_places
from portal.kb.views.editing.publication import publish_now
from portal.kb.views.editing.shown import pictures_in, words_in

FIELDS = ("title", "slug", "summary", "labels")
WORKED_ON = 120  # seconds after somebody saved that they are said to be writing


@dataclass(frozen=True, slots=True)
class Standing:
    """What an article's editors have before them: its draft, or what readers see."""

    article: Article
    draft: Draft | None
    text: Text
    seen: Seen


def standing(article: Article) -> Standing:
    draft = queries.draft_of(db(), article.id)
    return Standing(article, draft, text_of(draft or article), seen_of(article, draft))


@editing.get("/<uuid:key>")
@requires(Permission.WRITE_ARTICLES)
def edit(key: UUID) -> Response:
    here = standing(the_article(key))
    return _page(here, _form(here), 200)


def _form(here: Standing) -> TextForm:
    note = here.draft.note if here.draft and here.draft.state == "in_review" else ""
    return text_form(here.text, here.seen, note)


@editing.post("/<uuid:key>", endpoint="save")
@requires(Permission.WRITE_ARTICLES)
def save(key: UUID) -> Response:
    """Which button was pressed says what follows: save, submit, publish, picture, preview."""
    article, form = the_article(key), TextForm()
    if not form.validate():
        return _again(article, form, {})
    act = request.form.get("act", "save")
    if act == "preview":
        return _again(article, form, {}, status=200)
    if act == "picture":
        return _with_picture(article, form)
    try:
        draft = write(db(), article, form.text, form.seen, by=the_actor(), at=utcnow())
    except BadText as refused:
        return _again(article, form, wording.bad_text(refused))
    except Conflict:
        return _conflict(key, form)
    if act == "submit":
        return _submit(article, draft, form)
    if act == "publish":
        return publish_now(article, draft, form.note.data or "")
    flash(_("Saved as a draft. Readers see nothing of it until it is published."))
    return see_other(url_for("articles.edit", key=key))


def _submit(article: Article, draft: Draft | None, form: TextForm) -> Response:
    if draft is None:
        flash(_("Nothing has changed, so there is nothing to review."), "info")
        return see_other(url_for("articles.edit", key=article.id))
    try:
        reviewing.submit(db(), draft, form.note.data or "", by=the_actor(), at=utcnow())
    except BadText as refused:
        return _again(article, form, wording.bad_text(refused))
    flash(_("Submitted. Those who publish are told, and you hear what they say."))
    return see_other(url_for("articles.list", state="review"))


def _with_picture(article: Article, form: TextForm) -> Response:
    """Without a script: the picture goes to the end of the text."""
    upload = request.files.get("picture")
    if upload is None or not upload.filename:
        return _again(article, form, {"picture": str(_("Choose a picture first."))})
    runtime = current_runtime()
    limit = runtime.settings.attachment_limit
    try:
        kept = files.keep_picture(
            db(), runtime.store, upload, by=the_actor(), at=utcnow(), limit=limit
        )
    except RefusedFile as refused:
        return _again(article, form, {"picture": wording.bad_file(refused)})
    except StoreUnavailable:
        raise Problem(503) from None
    db().commit()
    words = " ".join(request.form.get("alt", "").replace("]", "").split())
    address = file_path(kept.id, kept.filename)
    form.body.data = f"{(form.body.data or '').rstrip()}\n\n![{words}]({address})\n"
    return _again(article, form, {}, status=200)


def _again(
    article: Article, form: TextForm, errors: dict[str, str], *, status: int = 422
) -> Response:
    """The form as it was filled."""
    for name, words in errors.items():
        if name in form:
            form[name].errors = [words]
    here = standing(article)
    return _page(here, form, status, picture_error=errors.get("picture", ""))


def page_with(article: Article, place: PlaceForm, status: int, moved: str = "") -> Response:
    """The article with where it stands as it was filled, because it was refused."""
    here = standing(article)
    return _page(here, _form(here), status, place=place, moved=moved)


def _page(
    here: Standing,
    form: TextForm,
    status: int,
    picture_error: str = "",
    place: PlaceForm | None = None,
    moved: str = "",
) -> Response:
    article, actor = here.article, the_actor()
    text = _tidy(form.text)
    made = rendered(db(), text.body, article.language)
    others = queries.articles_of(db(), article.topic_id)
    return page(
        "kb/editing/article.html",
        status=status,
        article=article,
        topic=article.topic,
        draft=here.draft,
        form=form,
        shown=at_root(made.html, the_site().root),
        text=text,
        findings=_said(check(db(), article, text, made)),
        pictures=pictures_in(made, text.body),
        words=words_in(made.text),
        others=others,
        missing=[one for one in wording.languages() if one[0] not in {o.language for o in others}],
        place=place or with_places(place_form(article.topic, actor.zone), article.topic),
        moved=moved,
        may_place=may_place(db(), article.topic, actor),
        publishes=actor.may(Permission.PUBLISH_ARTICLES),
        redirects=queries.redirects_of(db(), article.id),
        original=translations.original_of(article, here.draft),
        elsewhere=_somebody_else(here),
        language_name=wording.language_name,
        picture_error=picture_error,
        limit=current_runtime().settings.attachment_limit,
    )


def _tidy(text: Text) -> Text:
    try:
        return checked(text)
    except BadText:
        return text


def _somebody_else(here: Standing) -> str:
    """Who has just saved, and may be writing now."""
    draft = here.draft
    if draft is None or draft.updated_by == the_actor().user_id:
        return ""
    recent = (utcnow() - draft.updated_at).total_seconds() < WORKED_ON
    return draft.updated_by_name if recent else ""


def _said(findings: list[Finding]) -> list[tuple[Finding, str, bool]]:
    """With its words, and whether it is serious."""
    return [(one, wording.said(one), one.kind in wording.SERIOUS) for one in findings]


@editing.post("/<uuid:key>/preview", endpoint="preview")
@requires(Permission.WRITE_ARTICLES)
def preview(key: UUID) -> Response:
    """How it will look, and what should be looked at; nothing is kept."""
    article, form = the_article(key), TextForm()
    if not is_htmx():
        return _again(article, form, {}, status=200)
    text = _tidy(form.text)
    made = rendered(db(), text.body, article.language)
    return page(
        "kb/editing/article.html",
        blocks=("preview", "checks"),
        article=article,
        topic=article.topic,
        text=text,
        shown=at_root(made.html, the_site().root),
        findings=_said(check(db(), article, text, made)),
        pictures=pictures_in(made, text.body),
        words=words_in(made.text),
    )


@editing.post("/<uuid:key>/draft", endpoint="autosave")
@requires(Permission.WRITE_ARTICLES)
def autosave(key: UUID) -> Response:
    """For the script, as JSON: what is seen from now on, or why it was not kept."""
    article, form = the_article(key), TextForm()
    try:
        write(db(), article, form.text, form.seen, by=the_actor(), at=utcnow())
    except BadText as refused:
        words = " ".join(wording.bad_text(refused).values())
        return _json({"words": words}, 422)
    except Conflict:
        db().rollback()
        here = standing(the_article(key))
        name = here.draft.updated_by_name if here.draft else ""
        words = _(
            "%(name)s has saved in the meantime. Press Save to bring both together; nothing of "
            "yours is lost.",
            name=name or _("Somebody"),
        )
        return _json({"words": str(words)}, 409)
    here = standing(article)
    return _json({"lock": here.seen.lock, "number": here.seen.number, "at": when(utcnow())}, 200)


def _json(facts: dict[str, Any], status: int) -> Response:
    response = jsonify(facts)
    response.status_code = status
    return response


def _conflict(key: UUID, form: TextForm) -> Response:
    db().rollback()
    here = standing(the_article(key))
    base = form.base_text or here.text
    mine = _tidy(form.text)
    parts = merge(base.body, here.text.body, mine.body)
    return page(
        "kb/editing/conflict.html",
        status=409,
        article=here.article,
        theirs=here.text,
        mine=mine,
        base=base,
        by_name=here.draft.updated_by_name if here.draft else "",
        at=here.draft.updated_at if here.draft else here.article.updated_at,
        fields=_different(base, here.text, mine),
        parts=parts,
        clashes=clashes(parts),
        form=form,
        base_field=base_of(base),
        seen=here.seen,
    )


def _different(base: Text, theirs: Text, mine: Text) -> list[dict[str, Any]]:
    """Fields that are not the same, with whose is chosen unless they say otherwise."""
    found = []
    for name in FIELDS:
        values = [getattr(text, name) for text in (base, theirs, mine)]
        if name == "slug" and not mine.slug:
            continue
        if values[1] != values[2]:
            shown = [", ".join(value) if name == "labels" else value for value in values]
            found.append(
                {
                    "name": name,
                    "theirs": shown[1],
                    "mine": shown[2],
                    "choice": "theirs" if values[2] == values[0] else "mine",
                }
            )
    return found


@editing.post("/<uuid:key>/merge", endpoint="merge")
@requires(Permission.WRITE_ARTICLES)
def bring_together(key: UUID) -> Response:
    """What the second one chose, of the very state that they were shown."""
    article, form = the_article(key), TextForm()
    here = standing(article)
    if form.seen != here.seen:
        return _conflict(key, form)
    base, mine = form.base_text or here.text, _tidy(form.text)
    parts = merge(base.body, here.text.body, mine.body)
    chosen: dict[int, Choice] = {
        place: _choice(request.form.get(f"clash_{place}", ""))
        for place in range(len(clashes(parts)))
    }
    fields = {
        name: getattr(here.text if request.form.get(f"take_{name}") == "theirs" else mine, name)
        for name in FIELDS
    }
    text = Text(body=settle(parts, chosen), **fields)
    try:
        write(db(), article, text, form.seen, by=the_actor(), at=utcnow())
    except BadText as refused:
        form = text_form(text, here.seen, form.note.data or "")
        return _again(article, form, wording.bad_text(refused))
    except Conflict:
        return _conflict(key, form)
    flash(_("Both are in the draft now. Look it through before you go on."))
    return see_other(url_for("articles.edit", key=key))


def _choice(text: str) -> Choice:
    match text:
        case "theirs" | "mine":
            return text
    return "both"
