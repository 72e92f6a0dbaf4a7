"""The second factor: set up, given at sign-in, and turned off again."""

from flask import url_for
from werkzeug.wrappers import Response

from portal.accounts.forms import CodeForm
from portal.accounts.identity import is_strong, second_factor_due, the_login
from portal.accounts.models import User
from portal.accounts.service import lockout, people, second_factor
from portal.accounts.service.lockout import Attempt, Locked
from portal.accounts.service.second_factor import WrongCode
from portal.accounts.service.signing_in import SignInRefused, SignOnDemanded
from portal.accounts.views import halfway, views
from portal.accounts.views.entering import go_on, shown_the_other_way
from portal.accounts.views.halfway import Step
from portal.accounts.views.waiting import retry_after, too_many
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import public, requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.foundation.web.limits import limiter
from portal.foundation.web.site import the_site


@views.get("/sign-in/code")
@public("the second step of signing in")
def code() -> Response:
    if halfway.half_in(Step.CODE) is None:
        return see_other(url_for("accounts.sign_in"))
    return _code_page(CodeForm(), 200)


@views.post("/sign-in/code", endpoint="enter_code")
@limiter.limit("30 per minute")
@public("the second step of signing in")
def enter_code() -> Response:
    """The first step is good for some minutes, in this browser."""
    half = halfway.half_in(Step.CODE)
    if half is None:
        flash(_("That took too long. Start again."), "warn")
        return see_other(url_for("accounts.sign_in"))
    form = CodeForm()
    try:
        if not form.validate():
            raise WrongCode
        _prove(half.user, form.code.data)
        return go_on(half.user, half.target, strong=True, wanted_as=half.wanted_as)
    except Locked as locked:
        form.code.errors = [too_many(locked.until)]
        return retry_after(_code_page(form, 429), locked.until)
    except WrongCode:
        form.code.errors = form.code.errors or [_wrong()]
        return _code_page(form, 422)
    except SignOnDemanded as demanded:
        return shown_the_other_way(demanded)
    except SignInRefused:
        return see_other(url_for("accounts.sign_in"))


def _code_page(form: CodeForm, status: int) -> Response:
    return page("accounts/code.html", form=form, status=status)


def _wrong() -> str:
    return _("This code is not right, or it was used already. Wait for the next one.")


def _prove(user: User, given: str) -> None:
    """Counted whatever comes of it. Raises Locked or WrongCode."""
    attempt = Attempt(f"code of {user.id}")
    lockout.count(db(), attempt, at=utcnow())
    db().commit()
    second_factor.check(db(), user, given, at=utcnow(), portal=the_site().builder_id)
    lockout.forgive(db(), attempt)


@views.get("/account/two-factor")
@requires(Permission.USE_ACCOUNT)
def two_factor() -> Response:
    return _page(CodeForm(), 200)


@views.post("/account/two-factor", endpoint="begin_two_factor")
@requires(Permission.USE_ACCOUNT)
def begin_two_factor() -> Response:
    second_factor.begin(db(), _me(), at=utcnow())
    return see_other(url_for("accounts.two_factor"))


@views.post("/account/two-factor/confirmation", endpoint="confirm_two_factor")
@limiter.limit("30 per minute")
@requires(Permission.USE_ACCOUNT)
def confirm_two_factor() -> Response:
    form = CodeForm()
    try:
        if not form.validate():
            raise WrongCode
        codes = second_factor.confirm(
            db(),
            _me(),
            form.code.data,
            login_id=the_login(),
            at=utcnow(),
            portal=the_site().builder_id,
        )
    except WrongCode:
        form.code.errors = form.code.errors or [_wrong()]
        return _page(form, 422)
    return page("accounts/recovery_codes.html", codes=codes)


@views.post("/account/two-factor/proof", endpoint="prove_two_factor")
@limiter.limit("30 per minute")
@requires(Permission.USE_ACCOUNT)
def prove_two_factor() -> Response:
    """In a browser that came in another way, where a code is asked of everybody."""
    refused = _asked_again()
    if refused is not None:
        return refused
    second_factor.strengthen(db(), the_login(), at=utcnow())
    return see_other(the_site().path)


@views.post("/account/two-factor/codes", endpoint="renew_codes")
@limiter.limit("30 per minute")
@requires(Permission.USE_ACCOUNT)
def renew_codes() -> Response:
    refused = _asked_again()
    if refused is not None:
        return refused
    codes = second_factor.renew_codes(db(), _me(), at=utcnow(), portal=the_site().builder_id)
    return page("accounts/recovery_codes.html", codes=codes)


@views.post("/account/two-factor/removal", endpoint="remove_two_factor")
@limiter.limit("30 per minute")
@requires(Permission.USE_ACCOUNT)
def remove_two_factor() -> Response:
    if second_factor_due(the_actor()):
        raise Problem(409, _("Everybody who works here needs a second step; it can’t be off."))
    refused = _asked_again()
    if refused is not None:
        return refused
    second_factor.turn_off(db(), _me(), at=utcnow(), portal=the_site().builder_id)
    flash(_("The second step is off. A password or a link is enough now."))
    return see_other(url_for("accounts.two_factor"))


def _asked_again() -> Response | None:
    """Whoever sits at an open browser need not be its owner: the page again, unless a code fits."""
    form = CodeForm()
    try:
        if not form.validate():
            raise WrongCode
        _prove(_me(), form.code.data)
    except Locked as locked:
        form.code.errors = [too_many(locked.until)]
        return retry_after(_page(form, 429), locked.until)
    except WrongCode:
        form.code.errors = form.code.errors or [_wrong()]
        return _page(form, 422)
    return None


def _me() -> User:
    return people.person(db(), the_actor())


def _page(form: CodeForm, status: int) -> Response:
    user = _me()
    factor = second_factor.of(db(), user.id)
    on = factor is not None and factor.confirmed_at is not None
    begun = factor is not None and not on
    enrolment = second_factor.enrolment(factor, user, the_site().name) if begun and factor else None
    return page(
        "accounts/two_factor.html",
        form=form,
        factor=factor,
        on=on,
        strong=is_strong(),
        due=second_factor_due(the_actor()),
        secret=_in_fours(enrolment.secret) if enrolment else "",
        picture=_picture(enrolment.address) if enrolment else "",
        left=second_factor.codes_left(db(), user.id) if on else 0,
        status=status,
    )


def _in_fours(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def _picture(address: str) -> str:
    """A QR code as an image address; dark on white in any theme, or cameras can't read it."""
    import segno

    found: str = segno.make(address, error="m").svg_data_uri(
        scale=5, border=4, dark="#000", light="#fff"
    )
    return found
