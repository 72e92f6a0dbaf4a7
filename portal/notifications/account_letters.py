"""Letters about an account: links, and what its owner should know was done with it.

A link is made here, when its letter is written, so that its secret lies nowhere else; it is kept
apart from the words and forgotten with the sending (notifications/mailing).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts import queries as people
from portal.accounts.models import Builder, User
from portal.accounts.roles import ROLES
from portal.accounts.service import invitations, links, passwords, second_factor
from portal.accounts.service.links import Issued, Purpose
from portal.branding.letterheads import mail_identity
from portal.config import PLATFORM_NAME
from portal.core.permissions import Role
from portal.foundation.outbox import Event, Handler
from portal.foundation.runtime import current_runtime
from portal.foundation.speech import lazy_gettext as _l
from portal.notifications import letters, mailing
from portal.notifications.letters import Draft, Reader
from portal.notifications.mailing import GAP

SECOND_FACTOR: Mapping[str, Any] = {
    "on": _l("Since %(at)s %(site)s asks for a code of your app when you sign in."),
    "off": _l("Since %(at)s %(site)s no longer asks for a code when you sign in."),
    "codes": _l("On %(at)s new recovery codes were made for your account at %(site)s."),
    "recovered": _l("On %(at)s a recovery code was used to sign in to your account at %(site)s."),
    "reset": _l(
        "On %(at)s the second step of your sign-in to %(site)s was reset by an administrator, and "
        "you were signed out everywhere."
    ),
}


@dataclass(frozen=True, slots=True)
class Words:
    """What a letter says, lazily; gaps are %(site)s and the letter's own facts.

    `path` is where its button leads, within the site of its reader; GAP in it is the secret.
    """

    headline: Any
    lead: Any
    otherwise: Any
    button: Any
    path: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    details: Sequence[tuple[Any, str]] = ()


def send_link(session: Session, happened: Event) -> None:
    """Nobody is told whether an address has an account, by a letter as little as by a page."""
    purpose = Purpose(happened.payload["purpose"])
    issued = links.issue(
        session,
        happened.payload["email"],
        purpose,
        at=happened.at,
        portal=happened.builder_id,
    )
    if issued is None:
        return
    words = _of_sign_in(issued) if purpose is Purpose.SIGN_IN else _of_recovery(issued)
    _post(session, happened, issued.user, issued.portal, words, secret=issued.plain)


def _of_sign_in(issued: Issued) -> Words:
    return Words(
        headline=_l("Your link to sign in"),
        lead=_l("You asked for a link to sign in to %(site)s. It works once, until %(until)s."),
        otherwise=_l(
            "If it was not you who asked, you need do nothing: without this letter nobody gets in."
        ),
        button=_l("Sign in"),
        path=f"/links/{GAP}",
        facts={"until": issued.link.expires_at},
    )


def _of_recovery(issued: Issued) -> Words:
    """As the template for recovering an account has it: the workspace, the role there, the way
    back, and that nobody asks for secrets."""
    builder, role = issued.membership.builder, Role(issued.membership.role)
    return Words(
        headline=_l("Choose a new password"),
        lead=_l(
            "We can help you back into %(site)s. The way is the button below: there you choose a "
            "new password. It works once, until %(until)s, and signs you out everywhere else."
        ),
        otherwise=_l(
            "We never ask for your password or a sign-in code. If it was not you who asked, you "
            "need do nothing: your password stays as it is."
        ),
        button=_l("Choose a new password"),
        path=f"/links/{GAP}",
        facts={"until": issued.link.expires_at},
        details=[
            (_l("Company"), builder.name if builder is not None else PLATFORM_NAME),
            (_l("Your role"), ROLES[role]),
        ],
    )


def invite(session: Session, happened: Event) -> None:
    """To somebody who need not have an account, in the language that the inviter chose."""
    issued = invitations.issue(session, UUID(happened.payload["invitation_id"]))
    if issued is None:
        return
    invitation, secret = issued
    inviter = session.get(User, invitation.invited_by) if invitation.invited_by else None
    builder = invitation.builder
    company = builder.name if builder is not None else PLATFORM_NAME
    words = Words(
        headline=_l("You are invited"),
        lead=_l(
            "%(who)s invites you to join %(company)s at %(site)s. The link works once, until "
            "%(until)s."
        ),
        otherwise=_l("If you don’t know what this is about, you need do nothing."),
        button=_l("See the invitation"),
        path=f"/invitations/{GAP}",
        facts={
            "who": inviter.name if inviter is not None else company,
            "company": company,
            "until": invitation.expires_at,
        },
        details=[(_l("Your role"), ROLES[Role(invitation.role)])],
    )
    zone = builder.zone if builder is not None else "UTC"
    reader = Reader(invitation.email, "", invitation.locale, zone, has_account=False)
    portal = invitations.portal_of(invitation)
    post(session, happened, reader, portal, words, secret=secret)


def tell_of_new_password(session: Session, happened: Event) -> None:
    _tell(
        session,
        happened,
        Words(
            headline=_l("Your password was changed"),
            lead=_l(
                "The password of your account at %(site)s was changed on %(at)s, and every other "
                "browser was signed out."
            ),
            otherwise=_l("If it was not you, choose a new password at once, and write to us."),
            button=_l("It was not me"),
            path="/recovery",
            facts={"at": happened.at},
        ),
    )


def tell_of_tries(session: Session, happened: Event) -> None:
    _tell(
        session,
        happened,
        Words(
            headline=_l("Somebody tries to sign in as you"),
            lead=_l(
                "%(tries)s times a wrong password was given for your account at %(site)s. We make "
                "whoever it is wait longer and longer; your own browsers are not hindered."
            ),
            otherwise=_l(
                "If it was you, ask for a link by e-mail instead. If not, a long password of your "
                "own is all that it takes; nobody got in."
            ),
            button=_l("Get a link to sign in"),
            path="/sign-in/link",
            facts={"tries": happened.payload["tries"]},
        ),
    )


def tell_of_second_factor(session: Session, happened: Event) -> None:
    _tell(
        session,
        happened,
        Words(
            headline=_l("The second step of your sign-in"),
            lead=SECOND_FACTOR[happened.payload["what"]],
            otherwise=_l("If you know of it, you need do nothing. If not, write to us at once."),
            button=_l("Look at your account"),
            path="/account/two-factor",
            facts={"at": happened.at},
        ),
    )


def _tell(session: Session, happened: Event, words: Words) -> None:
    user = session.get(User, UUID(happened.payload["user_id"]))
    if user is not None and user.disabled_at is None:
        portal = happened.builder_id
        builder = people.builder(session, portal) if portal is not None else None
        _post(session, happened, user, builder, words)


def _post(
    session: Session,
    happened: Event,
    user: User,
    builder: Builder | None,
    words: Words,
    *,
    secret: str = "",
) -> None:
    reader = Reader(user.email, user.name, user.locale, user.zone)
    post(session, happened, reader, builder, words, secret=secret)


def post(
    session: Session,
    happened: Event,
    reader: Reader,
    portal: Builder | None,
    words: Words,
    *,
    secret: str = "",
) -> None:
    """In the name of the `portal` that it leads to, or in the platform's."""
    settings = current_runtime().settings
    identity = mail_identity(session, settings, portal.id) if portal is not None else None
    name = identity.name if identity is not None else PLATFORM_NAME

    def values(reader: Reader) -> Mapping[str, Any]:
        facts = {key: _fact(value, reader) for key, value in words.facts.items()}
        gaps = {"site": name, **facts}
        return {
            "headline": str(words.headline) % gaps,
            "lead": str(words.lead) % gaps,
            "otherwise": str(words.otherwise) % gaps,
            "button_label": str(words.button),
            "details": [(str(label), str(value)) for label, value in words.details],
            "settings_link": "",
        }

    draft = Draft(
        template="account_letter",
        at=happened.at,
        path=words.path,
        key=("account", f"{happened.id.hex}.{letters.mark_of(reader.address)}"),
        headline=words.headline,
        values=values,
    )
    mailing.post(
        session,
        letters.write(draft, reader, identity),
        at=happened.at,
        dedup_key=f"{happened.id}:{reader.address}",
        builder_id=portal.id if portal is not None else None,
        secret=secret,
    )


def _fact(value: Any, reader: Reader) -> str:
    return reader.when(value) if hasattr(value, "tzinfo") else str(value)


SUBSCRIBERS: Mapping[str, Sequence[Handler]] = {
    links.ASKED: (send_link,),
    invitations.INVITED: (invite,),
    passwords.CHANGED: (tell_of_new_password,),
    second_factor.CHANGED: (tell_of_second_factor,),
    "account.tried": (tell_of_tries,),
}
