"""Where editors keep words that mean the same to who searches."""

from uuid import UUID

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.speech import language
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.search.forms import NAMES, SynonymsForm
from portal.search.models import Synonyms
from portal.search.service import synonyms as service
from portal.search.service.synonyms import TooFew, TooMany

editors = Blueprint("synonyms", __name__, url_prefix="/search/synonyms")


@editors.get("")
@requires(Permission.MANAGE_GUIDANCE)
def index() -> Response:
    return _list(SynonymsForm(formdata=None, language=language()), 200)


@editors.post("")
@requires(Permission.MANAGE_GUIDANCE)
def add() -> Response:
    form = SynonymsForm()
    if not form.validate() or not _added(form):
        return _list(form, 422)
    flash(_("Saved. It counts from the next search on."))
    return see_other(url_for("synonyms.index"))


@editors.get("/<uuid:key>")
@requires(Permission.MANAGE_GUIDANCE)
def edit(key: UUID) -> Response:
    group = _group(key)
    form = SynonymsForm(formdata=None, language=group.language, words="\n".join(group.words))
    return _one(group, form, 200)


@editors.post("/<uuid:key>")
@requires(Permission.MANAGE_GUIDANCE)
def save(key: UUID) -> Response:
    group, form = _group(key), SynonymsForm()
    if not form.validate() or not _saved(group, form):
        return _one(group, form, 422)
    flash(_("Saved. It counts from the next search on."))
    return see_other(url_for("synonyms.index"))


@editors.post("/<uuid:key>/removal")
@requires(Permission.MANAGE_GUIDANCE)
def remove(key: UUID) -> Response:
    service.take_away(db(), _group(key), by=the_actor(), at=utcnow())
    flash(_("Removed."))
    return see_other(url_for("synonyms.index"))


def _group(key: UUID) -> Synonyms:
    found = service.group_of(db(), key)
    if found is None:
        raise NotFound
    return found


def _added(form: SynonymsForm) -> bool:
    try:
        service.add(db(), form.language.data, form.words.data, by=the_actor(), at=utcnow())
    except (TooFew, TooMany) as error:
        return _refused(form, error)
    return True


def _saved(group: Synonyms, form: SynonymsForm) -> bool:
    try:
        service.change(
            db(), group, form.language.data, form.words.data, by=the_actor(), at=utcnow()
        )
    except (TooFew, TooMany) as error:
        return _refused(form, error)
    return True


def _refused(form: SynonymsForm, error: TooFew | TooMany) -> bool:
    said = (
        _("Write at least two words, with commas between them.")
        if isinstance(error, TooFew)
        else _(
            "At most %(most)d words, of %(longest)d characters.",
            most=service.MOST,
            longest=service.LONGEST,
        )
    )
    form.words.errors = [*form.words.errors, said]
    return False


def _list(form: SynonymsForm, status: int) -> Response:
    return page(
        "search/synonyms.html", form=form, groups=service.kept(db()), names=NAMES, status=status
    )


def _one(group: Synonyms, form: SynonymsForm, status: int) -> Response:
    return page("search/synonym.html", form=form, group=group, status=status)
