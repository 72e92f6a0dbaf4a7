"""What went wrong with single sign-on, said to who signs in and to who sets it up."""

from collections.abc import Mapping
from typing import Final

from flask_babel.speaklater import LazyString

from portal.foundation.speech import lazy_gettext as _l

_LATER = _l(
    "The sign-in service of %(name)s does not answer. Try again in a few minutes, or sign in "
    "another way."
)
_SET_UP = _l(
    "The connection to %(name)s is not set up rightly. Tell who looks after it in your company, or "
    "sign in another way."
)
_UNTRUSTED = _l(
    "What %(name)s told us about you could not be trusted, so you were not signed in. Start again; "
    "if it happens once more, tell who looks after it in your company."
)
_INVITATION = _l("%(name)s knows you, but you are not a member here. Ask for an invitation.")

TO_PEOPLE: Final[Mapping[str, LazyString]] = {
    "state": _l(
        "This sign-in was begun in another browser or more than 10 minutes ago. Start again."
    ),
    "denied": _l("You did not allow the sign-in at %(name)s. Start again, or use another way."),
    "error": _l("%(name)s could not sign you in. Try again, or sign in another way."),
    "unreachable": _LATER,
    "slow": _LATER,
    "answer": _LATER,
    "insecure": _SET_UP,
    "private": _SET_UP,
    "redirect": _SET_UP,
    "size": _SET_UP,
    "discovery": _SET_UP,
    "issuer": _SET_UP,
    "endpoints": _SET_UP,
    "signatures": _SET_UP,
    "client": _SET_UP,
    "sealed": _SET_UP,
    "code": _l("The sign-in took too long or was used already. Start again."),
    "clock": _l(
        "The clocks of %(name)s and ours differ, so the sign-in could not be trusted. Try again in "
        "a few minutes; if it happens once more, tell who looks after it in your company."
    ),
    "untrusted": _UNTRUSTED,
    "spent": _l("This sign-in was used already. Start again."),
    "off": _l("%(name)s is no longer a way to sign in here. Sign in another way."),
    "no_email": _l(
        "%(name)s did not tell us your e-mail address, so we don’t know who you are. Tell who "
        "looks after it in your company."
    ),
    "unverified": _l(
        "%(name)s has not made sure that your e-mail address is yours. Confirm the address there, "
        "then start again."
    ),
    "domain": _l(
        "Your address at %(name)s is not one of those that sign in here this way. Sign in "
        "another way, or ask for an invitation."
    ),
    "invitation": _INVITATION,
    "left": _INVITATION,
    "unproven": _l(
        "You have an account with others, too, and the company has not yet proven that the domain "
        "of your address is its own. Sign in another way."
    ),
    "disabled": _l("Your account is closed. Ask who looks after accounts in your company."),
    "door": _l("You have an account, but %(name)s is not for people of your role."),
}
"""By the reason of a refusal; `name` is the connection's."""

TO_ADMINS: Final[Mapping[str, LazyString]] = {
    "unreachable": _l(
        "Nothing answers at this address. Is it typed rightly, and can the internet reach it?"
    ),
    "slow": _l("The provider took too long to answer. Try again in a minute."),
    "insecure": _l("The provider’s certificate is not valid, so we did not speak to it."),
    "private": _l("The name leads to a private address. Only public ones are asked."),
    "redirect": _l(
        "The provider sends us on to another address. Enter the one where it answers itself."
    ),
    "size": _l("The answer is far too large for what it should be."),
    "discovery": _l(
        "There is no description of an OpenID provider below this address. It should "
        "be at /.well-known/openid-configuration."
    ),
    "issuer": _l(
        "The provider calls itself otherwise: enter the issuer exactly as it says, with "
        "or without a slash at the end."
    ),
    "endpoints": _l("One of the addresses that the provider gives is missing or not https."),
    "signatures": _l("The provider signs in no way that we take. We take RS256, PS256 and ES256."),
    "answer": _l("The provider answered with an error. Look into its own log."),
    "sealed": _l("The client secret can’t be read any more. Enter it again."),
}
"""What a test of a connection found."""

REFUSALS: Final[Mapping[tuple[str, str], LazyString]] = {
    ("name", "too_many"): _l("There are ten connections already. Remove one first."),
    ("client_secret", "missing"): _l("Enter the client secret that the provider gave you."),
    ("client_secret", "moved"): _l(
        "The issuer or the client ID is another one, so enter the secret that belongs to it."
    ),
    ("issuer", "address"): _l(
        "Enter a whole address that begins with https://, such as https://login.example.com"
    ),
    ("audiences", "missing"): _l("Choose at least one group of people."),
    ("role", "not_for_them"): _l("Nobody who signs in with this connection can have that role."),
    ("portal_role", "not_for_them"): _l(
        "Nobody who signs in with this connection can have that role."
    ),
    ("roles", "not_for_them"): _l(
        "“%(about)s” names no role that this connection may give. Write one group a line, such as "
        "“Site managers = pm”."
    ),
    ("claim", "missing"): _l("Enter the claim in which the groups stand."),
    ("domains", "missing"): _l("Enter at least one domain, such as acme.example."),
    ("domains", "too_many"): _l("A connection has twenty domains at most."),
    ("domains", "unreadable"): _l("“%(about)s” is not a domain. Write it like acme.example."),
    ("domains", "anybodys"): _l(
        "Anybody can have an address at %(about)s, so it can’t be one company’s own."
    ),
    ("domains", "taken"): _l("%(about)s is confirmed for another customer. Withdraw that first."),
}
"""By field and reason."""
