"""Personal tokens, by which a program does what its person may, as far as they let it."""

from datetime import timedelta
from uuid import UUID

from flask import url_for
from werkzeug.wrappers import Response

from portal.accounts import queries
from portal.accounts.forms import TokenForm
from portal.accounts.models import ApiToken
from portal.accounts.service import tokens as service
from portal.accounts.views import views
from portal.accounts.wording import SCOPES
from portal.core.permissions import Permission, Scope
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.foundation.web.site import is_portal


@views.get("/account/tokens")
@requires(Permission.USE_TOKENS)
def tokens() -> Response:
    return _page(TokenForm(formdata=None), 200)


@views.post("/account/tokens", endpoint="create_token")
@requires(Permission.USE_TOKENS)
def create_token() -> Response:
    """Answers with the token itself: no other page ever shows it."""
    form = TokenForm()
    if not form.validate():
        return _page(form, 422)
    at, days = utcnow(), int(form.days.data or 0)
    try:
        made = service.create_own(
            db(),
            form.name.data,
            [Scope(scope) for scope in form.scopes.data],
            at + timedelta(days=days) if days else None,
            by=the_actor(),
            at=at,
        )
    except service.TooMany:
        form.name.errors = [
            _("You have %(most)s tokens already. Revoke some first.", most=service.MOST)
        ]
        return _page(form, 422)
    return page("accounts/new_token.html", plain=made.plain, token=made.token)


@views.post("/account/tokens/<uuid:key>/revocation", endpoint="revoke_token")
@requires(Permission.USE_TOKENS)
def revoke_token(key: UUID) -> Response:
    token = next((one for one in _mine() if one.id == key), None)
    if token is None:
        raise NotFound
    service.revoke(token, at=utcnow())
    flash(_("The token “%(name)s” works no more.", name=token.name))
    return see_other(url_for("accounts.tokens"))


def _mine() -> list[ApiToken]:
    if is_portal():
        raise NotFound
    return queries.tokens_of(db(), queries.membership_of(db(), the_actor()).id)


def _page(form: TokenForm, status: int) -> Response:
    words = {scope.value: SCOPES[scope] for scope in Scope}
    return page("accounts/tokens.html", form=form, tokens=_mine(), words=words, status=status)
