"""Where a builder's help button may stand, how it gets there, and what is wrong if it doesn't."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from portal.accounts import queries as people
from portal.accounts.forms import TokenTrialForm, WidgetForm
from portal.accounts.models import Builder
from portal.accounts.roles import ROLES
from portal.accounts.service import widget_admission, widget_keys, widget_settings
from portal.accounts.service.widget_admission import Claims, NotAdmitted
from portal.accounts.service.widget_settings import ChangedMeanwhile, Where
from portal.accounts.widget_words import REASONS
from portal.core.origins import is_local
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.runtime import current_runtime
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other

settings = Blueprint("widget_settings", __name__, url_prefix="/company/widget")


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must be there before a page shows help; `cure` says where it is made."""

    what: str
    is_done: bool
    cure: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a token that was tried would have done."""

    is_good: bool
    words: str


@settings.get("")
@requires(Permission.MANAGE_WIDGET)
def index() -> Response:
    saved = widget_settings.of(db(), the_actor().builder_id)
    return _page(_form(saved), saved)


@settings.post("", endpoint="save")
@requires(Permission.MANAGE_WIDGET)
def save() -> Response:
    form, actor = WidgetForm(), the_actor()
    saved = widget_settings.of(db(), actor.builder_id)
    if not form.validate():
        return _page(form, saved, status=422)
    try:
        widget_settings.save(db(), form.settings, by=actor, at=utcnow())
    except ChangedMeanwhile:
        db().rollback()
        return _conflict(form)
    flash(_("Saved. It holds from now on."))
    return see_other(url_for("widget_settings.index"))


@settings.post("/trial", endpoint="trial")
@requires(Permission.MANAGE_WIDGET)
def trial() -> Response:
    """Looks at a token without using it up."""
    form, saved = TokenTrialForm(), widget_settings.of(db(), the_actor().builder_id)
    return _page(_form(saved), saved, tried=form, verdict=_judged(form.token.data or ""))


def _judged(token: str) -> Verdict:
    token = "".join(token.split())
    if not token:
        return Verdict(False, str(_("Paste a token first.")))
    try:
        claims = widget_admission.tried(db(), _builder(), token, at=utcnow())
    except NotAdmitted as refused:
        return Verdict(False, str(REASONS[refused.reason]))
    return Verdict(True, _welcome(claims))


def _welcome(claims: Claims) -> str:
    who = {"name": claims.name, "email": claims.email}
    if claims.role is None:
        return str(_("It is good: %(name)s (%(email)s) would come in.", **who))
    role = ROLES[claims.role]
    return str(_("It is good: %(name)s (%(email)s) would come in as %(role)s.", role=role, **who))


def _conflict(form: WidgetForm) -> Response:
    """What was typed stays below; what somebody else saved is said."""
    now = widget_settings.of(db(), the_actor().builder_id)
    form.version.data = form.version.raw_data = None
    form.version.data = str(now.version)
    told = _(
        "Somebody else saved this meanwhile: %(origins)s; guests %(guests)s. Yours is still below; "
        "save again to put it in that place.",
        origins=", ".join(now.origins) or _("no addresses"),
        guests=_("allowed") if now.guests_allowed else _("not allowed"),
    )
    form.origins.errors = [told]
    return _page(form, now, status=409)


def _form(saved: Where) -> WidgetForm:
    begun = {"origins": "\n".join(saved.origins), "guests_allowed": saved.guests_allowed}
    return WidgetForm(formdata=None, data={**begun, "version": str(saved.version)})


def _builder() -> Builder:
    key = the_actor().builder_id
    found = people.builder(db(), key) if key is not None else None
    if found is None:
        raise NotFound
    return found


def _checks(saved: Where) -> Iterator[Check]:
    yield Check(
        str(_("An address of your pages is entered")),
        bool(saved.origins),
        str(_("Enter it below.")),
    )
    keys = widget_keys.counting(db(), _builder().id, at=utcnow())
    made = any(keys.values())
    yield Check(
        str(_("A key by which your server signs who its user is")),
        made or saved.guests_allowed,
        str(_("Make a key, or allow guests.")),
        url_for("widget_keys.index"),
    )
    if keys and not all(keys.values()):
        yield Check(
            str(_("Every key can be read")),
            False,
            str(_("This installation has a new secret since: replace your keys.")),
            url_for("widget_keys.index"),
        )


def _page(
    form: WidgetForm,
    saved: Where,
    *,
    tried: TokenTrialForm | None = None,
    verdict: Verdict | None = None,
    status: int = 200,
) -> Response:
    return page(
        "accounts/widget.html",
        status=status,
        form=form,
        saved=saved,
        local=[origin for origin in saved.origins if is_local(origin)],
        checks=list(_checks(saved)),
        tried=tried or TokenTrialForm(formdata=None),
        verdict=verdict,
        root=current_runtime().settings.base_url,
    )
