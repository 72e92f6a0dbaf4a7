"""The page behind an invitation's link: who is new says who they are, others say yes."""

from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts.forms import JoinForm, WelcomeForm
from portal.accounts.models import Invitation, Membership, User
from portal.accounts.service import invitations, passwords, signing_in
from portal.accounts.service.links import LinkGone
from portal.accounts.service.lockout import Locked
from portal.accounts.service.signing_in import SignInRefused, SignOnDemanded
from portal.accounts.views import views
from portal.accounts.views.entering import claim, greet, shown_the_other_way
from portal.accounts.views.links import OFTEN, gone, secretive
from portal.accounts.views.waiting import retry_after, too_many
from portal.accounts.wording import PASSWORD_HINT, WEAK
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import public, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.fragments import page
from portal.foundation.web.limits import limiter
from portal.foundation.web.site import the_site


@views.get("/invitations/<token>")
@public("the link itself is the key")
def invitation(token: str) -> Response:
    try:
        found = _opened(token)
    except LinkGone:
        return gone()
    user = invitations.known(db(), found)
    form = WelcomeForm(formdata=None) if user is None else JoinForm(formdata=None)
    return _page(token, found, user, form, 200)


@views.post("/invitations/<token>", endpoint="accept_invitation")
@limiter.limit(OFTEN)
@public("the link itself is the key")
def accept_invitation(token: str) -> Response:
    try:
        found = _opened(token)
        user = invitations.known(db(), found)
        return _welcome(token, found) if user is None else _join(token, found, user)
    except SignOnDemanded as demanded:
        return shown_the_other_way(demanded)
    except (LinkGone, SignInRefused):
        return gone()


def _welcome(token: str, found: Invitation) -> Response:
    form = WelcomeForm()
    if not form.validate():
        return _page(token, found, None, form, 422)
    try:
        membership = invitations.accept_as_new(
            db(),
            found,
            name=form.name.data.strip(),
            password=form.password.data,
            at=utcnow(),
        )
    except passwords.WeakPassword as weak:
        form.password.errors = [WEAK[weak.weakness]]
        return _page(token, found, None, form, 422)
    return _enter(membership)


def _join(token: str, found: Invitation, user: User) -> Response:
    form = JoinForm()
    try:
        if _must_prove(user):
            form.validate()
            proven = claim(user.email)
            signing_in.accept(
                db(), proven, signing_in.prove(proven, form.password.data), form.password.data
            )
    except Locked as locked:
        form.password.errors = [too_many(locked.until)]
        return retry_after(_page(token, found, user, form, 429), locked.until)
    except SignInRefused:
        form.password.errors = [_("This is not the password of your account.")]
        return _page(token, found, user, form, 422)
    return _enter(invitations.accept(db(), found, user, at=utcnow()))


def _must_prove(user: User) -> bool:
    """Unless they are signed in here, or the letter itself is how they sign in."""
    here = current_user.is_authenticated and the_actor().user_id == user.id
    return bool(user.password_hash) and not here


def _enter(membership: Membership) -> Response:
    return greet(membership.user, membership=membership)


def _opened(token: str) -> Invitation:
    return invitations.opened(db(), token, at=utcnow(), portal=the_site().builder_id)


def _page(
    token: str, found: Invitation, user: User | None, form: WelcomeForm | JoinForm, status: int
) -> Response:
    return secretive(
        page(
            "accounts/invitation.html",
            token=token,
            invitation=found,
            known=user is not None,
            must_prove=user is not None and _must_prove(user),
            form=form,
            hint=PASSWORD_HINT,
            status=status,
        )
    )
