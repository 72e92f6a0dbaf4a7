"""The editor of a builder's look: a form, what it makes of pages and letters, earlier versions."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Final

from flask import Blueprint, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from portal.branding import queries, service, tokens
from portal.branding.face import face_of
from portal.branding.forms import BrandForm, SeenForm, form_of
from portal.branding.look import FIELDS, PICTURES, Look, Picture
from portal.branding.pictures import LIMIT_BYTES, RefusedPicture, take, taken
from portal.branding.service import ChangedMeanwhile, NoSuchVersion, Saved
from portal.branding.views import own_company
from portal.branding.wording import reason
from portal.core.contrast import BadColour, parse, scheme
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.runtime import current_runtime
from portal.foundation.speech import gettext as _
from portal.foundation.storage import StoreUnavailable
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound, Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.formatting import filesize
from portal.foundation.web.fragments import page, see_other

views: Final = Blueprint("branding", __name__)

PREVIEWED: Final = ("name", "welcome_en", "welcome_es", "footer")
LONGEST: Final = 300  # characters of a previewed text
Pictures = dict[str, Picture | None]


@views.get("/company/brand")
@requires(Permission.MANAGE_BRAND)
def editor() -> Response:
    """Values in the address are looked at, not kept: the preview asks with them while one types."""
    saved = service.current(db(), own_company())
    look = _tried(saved.look, request.args)
    return _editor(form_of(look, saved.version), look, saved)


def _tried(look: Look, asked: Mapping[str, str]) -> Look:
    texts = {name: asked[name][:LONGEST].strip() for name in PREVIEWED if name in asked}
    return replace(
        look,
        **texts,  # type: ignore[arg-type]
        primary=_colour(asked.get("primary", ""), look.primary),
        accent=_colour(asked.get("accent", ""), look.accent),
    )


def _colour(asked: str, otherwise: str) -> str:
    """Half a colour, while it is being typed, is the former one."""
    try:
        return parse(asked)
    except BadColour:
        return otherwise


@views.get("/company/brand/sample.css")
@requires(Permission.MANAGE_BRAND)
def sample() -> Response:
    """The colours of the preview, which must not become those of the page around it."""
    look = Look()
    colours = (_colour(request.args.get(name, ""), getattr(look, name)) for name in COLOURS)
    return Response(tokens.sample(*colours), mimetype="text/css")


COLOURS: Final = ("primary", "accent")


@views.post("/company/brand", endpoint="save")
@requires(Permission.MANAGE_BRAND)
def save() -> Response:
    form, saved = BrandForm(), service.current(db(), own_company())
    pictures, refused = _pictures(saved.look)
    form.kept = {name: picture.upload for name, picture in pictures.items() if picture}
    form.validate()
    for name, why in refused.items():
        form[name].errors = [why]
    if form.errors or refused:
        return _editor(form, _tried(saved.look, request.form), saved, status=422)
    look = _taken_over(form.look(pictures), saved.look)
    if "preview" in request.form:
        return _editor(form, look, saved)
    return _save(form, look, pictures)


def _save(form: BrandForm, look: Look, pictures: Pictures) -> Response:
    seen = form.seen.data
    try:
        made = service.save(db(), own_company(), look, seen=seen, by=the_actor(), at=utcnow())
    except ChangedMeanwhile as changed:
        return _conflict(form, look, pictures, changed)
    if made.version == seen:
        flash(_("Nothing was changed."), "info")
    else:
        flash(_("Saved. Your portal and your letters look like this from now on."))
    return see_other(url_for("branding.editor"))


def _taken_over(look: Look, saved: Look) -> Look:
    """After a conflict: where the other's value was chosen, it stays."""
    chosen = [name for name in FIELDS if request.form.get(f"take_{name}") == "saved"]
    return replace(look, **{name: getattr(saved, name) for name in chosen})


def _conflict(
    form: BrandForm, look: Look, pictures: Pictures, changed: ChangedMeanwhile
) -> Response:
    found = service.differences(db(), own_company(), look, changed.saved, changed.seen)
    return page(
        "branding/conflict.html",
        status=409,
        saved=changed.saved,
        differences=found,
        labels=_labels(form),
        written=list(form.written(pictures)),
    )


def _labels(form: BrandForm) -> Mapping[str, str]:
    names = {name: str(form[name].label.text) for name in FIELDS if name in form}
    return names | {"links": str(_("Links in the footer"))}


def _pictures(saved: Look) -> tuple[Pictures, dict[str, str]]:
    """A new one, none, or the one that stands; and why a new one is refused. They are kept at once,
    so that a refused form or a conflict loses none of them."""
    found, refused = dict[str, Picture | None](), {}
    for name in PICTURES:
        given = request.files.get(name)
        try:
            if given is not None and given.filename:
                found[name] = _given(name, given)
            else:
                found[name] = None if request.form.get(f"{name}_gone") else _kept(name, saved)
        except RefusedPicture as error:
            found[name], refused[name] = None, _refusal(error)
    return found, refused


def _kept(name: str, saved: Look) -> Picture | None:
    upload = request.form.get(f"{name}_kept", "")
    standing: Picture | None = getattr(saved, name)
    if standing is not None and standing.upload == upload:
        return standing
    return taken(db(), own_company(), upload) if upload else None


def _given(name: str, given: FileStorage) -> Picture:
    """Raises RefusedPicture."""
    store = current_runtime().store
    try:
        picture = take(db(), store, given.stream, kind=name, builder_id=own_company(), at=utcnow())
    except StoreUnavailable:
        raise Problem(503) from None
    db().commit()
    return picture


def _refusal(refused: RefusedPicture) -> str:
    match refused.reason:
        case "empty":
            return str(_("This file is empty. Choose another."))
        case "too_large":
            return str(_("A picture may be %(size)s at most.", size=filesize(LIMIT_BYTES)))
        case "a_program":
            return str(
                _(
                    "This is a file that can run code (SVG, HTML or a script), so we don't take "
                    "it. Save your logo as PNG, and choose that."
                )
            )
        case "too_many_pixels":
            return str(_("This picture has too many pixels. Make it smaller and try again."))
        case "broken":
            return str(_("This picture can't be opened. Save it anew and try again."))
    return str(_("This is not a picture that we know. Choose a PNG, JPEG, WebP or GIF."))


def _editor(form: BrandForm, look: Look, saved: Saved, *, status: int = 200) -> Response:
    company = the_actor().builder_name
    corrections = scheme(look.primary, look.accent).corrections
    return page(
        "branding/editor.html",
        blocks=("preview",),
        status=status,
        form=form,
        look=look,
        shown=face_of(company, look, ""),
        saved=saved,
        kept=_uploads(form, look),
        earlier=_earlier(saved),
        company=company,
        reasons=[(one, reason(one)) for one in corrections],
        limit=LIMIT_BYTES,
    )


def _uploads(form: BrandForm, look: Look) -> Mapping[str, Picture | None]:
    """What the form carries along instead of a file."""
    kept = getattr(form, "kept", None)
    standing = {name: getattr(look, name) for name in PICTURES}
    if kept is None:
        return standing
    return {name: taken(db(), own_company(), kept.get(name, "")) for name in PICTURES}


def _earlier(saved: Saved) -> int | None:
    """The version that "undo" goes back to."""
    return saved.version - 1 if saved.version > service.FIRST else None


@views.get("/company/brand/versions")
@requires(Permission.MANAGE_BRAND)
def versions() -> Response:
    kept = queries.versions(db(), own_company(), service.KEPT_SHOWN)
    looks = [Look.from_json(row.look) for row in kept]
    labels = _labels(BrandForm(formdata=None))
    changes = [
        [labels[name] for name in look.changed_from(before)] for look, before in pairwise(looks)
    ]
    return page(
        "branding/versions.html",
        rows=list(zip(kept, looks, [*changes, []], strict=False)),
        saved=service.current(db(), own_company()),
    )


@views.post("/company/brand/versions/<int:number>/restoration", endpoint="restore")
@requires(Permission.MANAGE_BRAND)
def restore(number: int) -> Response:
    seen = SeenForm().seen.data
    try:
        service.restore(db(), own_company(), number, seen=seen, by=the_actor(), at=utcnow())
    except NoSuchVersion:
        raise NotFound from None
    except ChangedMeanwhile as changed:
        detail = _(
            "%(name)s has saved another version in the meantime.", name=changed.saved.by_name
        )
        raise Problem(409, detail) from None
    flash(_("Version %(number)s is back. It can be undone the same way.", number=number))
    return see_other(url_for("branding.editor"))
