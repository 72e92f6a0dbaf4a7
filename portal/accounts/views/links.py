"""Links by e-mail: asked for, looked at, and used. Only a POST uses one up."""

from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts.forms import AddressForm, NewPasswordForm
from portal.accounts.models import Link
from portal.accounts.service import links, passwords
from portal.accounts.service.links import LASTS, LinkGone, Purpose
from portal.accounts.service.signing_in import SignInRefused, SignOnDemanded
from portal.accounts.views import views
from portal.accounts.views.entering import greet, home_of, shown_the_other_way
from portal.accounts.wording import PASSWORD_HINT, WEAK
from portal.foundation.clock import utcnow
from portal.foundation.web.access import public
from portal.foundation.web.database import db
from portal.foundation.web.fragments import page, see_other
from portal.foundation.web.limits import limiter
from portal.foundation.web.site import the_site

OFTEN = "10 per minute; 60 per hour"


@views.get("/sign-in/link")
@public("one asks for a link to sign in")
def ask_for_link() -> Response:
    if current_user.is_authenticated:
        return see_other(home_of())
    return _asking(AddressForm(), Purpose.SIGN_IN, 200)


@views.post("/sign-in/link", endpoint="send_link")
@limiter.limit(OFTEN)
@public("one asks for a link to sign in")
def send_link() -> Response:
    return _sent(Purpose.SIGN_IN)


@views.get("/recovery")
@public("one has forgotten one's password")
def recovery() -> Response:
    return _asking(AddressForm(), Purpose.RECOVERY, 200)


@views.post("/recovery", endpoint="send_recovery")
@limiter.limit(OFTEN)
@public("one has forgotten one's password")
def send_recovery() -> Response:
    return _sent(Purpose.RECOVERY)


def _asking(form: AddressForm, purpose: Purpose, status: int) -> Response:
    return page("accounts/link_asked.html", form=form, purpose=purpose.value, status=status)


def _sent(purpose: Purpose) -> Response:
    """Says the same, after the same work, whether somebody has the address or not."""
    form = AddressForm()
    if not form.validate():
        return _asking(form, purpose, 422)
    links.ask(db(), form.email.data, purpose, at=utcnow(), portal=the_site().builder_id)
    minutes = int(LASTS[purpose].total_seconds()) // 60
    return page(
        "accounts/link_sent.html",
        email=form.email.data.strip(),
        purpose=purpose.value,
        minutes=minutes,
    )


@views.get("/links/<token>")
@public("the link itself is the key")
def link(token: str) -> Response:
    try:
        found = _open(token)
    except LinkGone:
        return gone()
    return _link_page(token, found, NewPasswordForm(), 200)


@views.post("/links/<token>", endpoint="use_link")
@limiter.limit(OFTEN)
@public("the link itself is the key")
def use_link(token: str) -> Response:
    try:
        found = _open(token)
        if found.purpose == Purpose.RECOVERY:
            return _recover(token, found)
        return greet(links.use(db(), found, at=utcnow()))
    except SignOnDemanded as demanded:
        return shown_the_other_way(demanded)
    except (LinkGone, SignInRefused):
        return gone()


def _recover(token: str, found: Link) -> Response:
    form = NewPasswordForm()
    if not form.validate():
        return _link_page(token, found, form, 422)
    try:
        user = links.recover(db(), found, form.password.data, at=utcnow())
    except passwords.WeakPassword as weak:
        form.password.errors = [WEAK[weak.weakness]]
        return _link_page(token, found, form, 422)
    return greet(user)


def _open(token: str) -> Link:
    return links.open_link(db(), token, at=utcnow(), portal=the_site().builder_id)


def _link_page(token: str, found: Link, form: NewPasswordForm, status: int) -> Response:
    return secretive(
        page(
            f"accounts/link_{found.purpose}.html",
            token=token,
            email=links.person_of(db(), found).email,
            form=form,
            hint=PASSWORD_HINT,
            status=status,
        )
    )


def gone() -> Response:
    return secretive(page("accounts/link_gone.html", status=410))


def secretive(response: Response) -> Response:
    """The address of this page is a secret: no other page is told of it."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
