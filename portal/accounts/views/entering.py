"""Where whoever has proven who they are goes on to."""

from uuid import UUID

from flask import redirect, request, session, url_for
from flask_login import login_user
from werkzeug.wrappers import Response

from portal.accounts import devices
from portal.accounts.identity import SignedIn
from portal.accounts.models import Login, Membership, User
from portal.accounts.oidc.offers import demanded_instead
from portal.accounts.service import actors, second_factor, signing_in
from portal.accounts.service.places import places_of
from portal.accounts.service.signing_in import SignOnDemanded
from portal.accounts.views import halfway
from portal.accounts.views.halfway import Step
from portal.core.networks import network_of
from portal.foundation.clock import utcnow
from portal.foundation.web.database import db
from portal.foundation.web.flashes import flash
from portal.foundation.web.site import give_session, is_portal, portal_path, the_site


def network() -> str:
    """From about where the request comes."""
    return network_of(request.remote_addr or "")


def claim(email: str) -> signing_in.Claim:
    """The try stands whatever comes of it, and nobody waits for the database while the password
    is looked at, which is slow on purpose."""
    claim = signing_in.claim(
        db(),
        email,
        network=network(),
        browser_of=devices.browser_of,
        at=utcnow(),
        portal=the_site().builder_id,
    )
    db().commit()
    return claim


def start(
    user_id: UUID, *, second_factor: bool = False, membership_id: UUID | None = None
) -> Login:
    """A signed-in browser, this one. Raises SignInRefused."""
    return signing_in.start_login(
        db(),
        user_id,
        at=utcnow(),
        portal=the_site().builder_id,
        user_agent=request.user_agent.string,
        network=network(),
        second_factor=second_factor,
        membership_id=membership_id,
    )


def greet(user: User, target: str = "", *, membership: Membership | None = None) -> Response:
    """Somebody has proven who they are by a password or a letter; where they have a second factor,
    that is asked for before anything opens. They come in as the `membership`, where it is given.
    Raises SignInRefused."""
    wanted_as = membership.id if membership is not None else None
    wanted = safe_next(target or request.args.get("next", ""))
    if not second_factor.is_on(db(), user.id):
        return go_on(user, wanted, wanted_as=wanted_as)
    halfway.keep(Step.CODE, user, wanted, wanted_as=wanted_as)
    return redirect(url_for("accounts.code"), 303)


def go_on(
    user: User, target: str, *, strong: bool = False, wanted_as: UUID | None = None
) -> Response:
    """All that is asked for has been given. At the platform, whoever could go to several places is
    asked where to, unless it is known. Raises SignInRefused."""
    if wanted_as is None and not is_portal() and len(places_of(db(), user.id)) > 1:
        halfway.keep(Step.PLACE, user, target, strong=strong)
        return redirect(url_for("accounts.places"), 303)
    return let_in(start(user.id, second_factor=strong, membership_id=wanted_as), target)


def let_in(login: Login, target: str = "") -> Response:
    """A session id from before the sign-in is worth nothing after it. `target` is where they
    wanted to go."""
    session.clear()
    signed_in = SignedIn(actors.known_presence(db(), login.id))
    if not signed_in.actor.belongs_to(the_site().builder_id):
        answer = _show_to_own_door(signed_in)
    else:
        login_user(signed_in)
        session.permanent = True
        answer = redirect(safe_next(target or request.args.get("next", "")), 303)
    devices.remember(answer, login.user_id)
    return answer


def shown_the_other_way(demanded: SignOnDemanded) -> Response:
    """Whoever came by a letter, and is let in by their company's provider only."""
    flash(demanded_instead(demanded.connection), "warn")
    return redirect(url_for("accounts.sign_in"), 303)


def _show_to_own_door(signed_in: SignedIn) -> Response:
    """Clients and vendors who came to the platform: they are signed in at their builder's portal,
    on this host, and nowhere else."""
    slug = signed_in.actor.builder_slug
    answer = redirect(portal_path(slug), 303)
    give_session(answer, slug, {"_user_id": signed_in.id, "_fresh": True, "_permanent": True})
    return answer


def safe_next(target: str) -> str:
    r"""A path of this site, else home. `//x`, `\x`, schemes and control characters are refused."""
    inside = target.startswith(the_site().path) and not target.startswith(("//", "/\\"))
    if inside and "\\" not in target and all(" " <= c != "\x7f" for c in target):
        return target
    return home_of()


def home_of() -> str:
    return the_site().path
