"""What is wrong with a token, an origin or a guest, for whoever builds the host page."""

from collections.abc import Mapping
from typing import Any, Final

from portal.accounts.widget_tokens import LONGEST_LIFE, Reason
from portal.foundation.speech import lazy_gettext as _l

REASONS: Final[Mapping[str, Any]] = {
    Reason.MALFORMED: _l("This is no JWT, or it is longer than 8 kB."),
    Reason.ALGORITHM: _l("The token must be signed with HS256; nothing else is believed."),
    Reason.KEY: _l(
        "The key that its header names (kid) is unknown, revoked or expired. Compare it with the "
        "page of your widget keys."
    ),
    Reason.SIGNATURE: _l(
        "The signature is wrong: it was made with another secret, or the token was changed."
    ),
    Reason.CLAIMS: _l("One of iss, aud, sub, jti, iat and exp is missing or of the wrong kind."),
    Reason.ISSUER: _l("The issuer (iss) must be the short name of your company."),
    Reason.AUDIENCE: _l("The audience (aud) must be the short name of your company."),
    Reason.EXPIRED: _l("The token has expired. Sign a new one each time that one is asked for."),
    Reason.TOO_LONG: _l(
        "A token may last %(minutes)s minutes at most, from iat to exp.",
        minutes=int(LONGEST_LIFE.total_seconds() // 60),
    ),
    Reason.FUTURE: _l("The token begins in the future: your server’s clock is ahead."),
    Reason.REPLAYED: _l("The token was used already. Each needs an id (jti) of its own."),
    "origin": _l("The page stands at an address that is not among your origins."),
    "guests": _l("No token came along, and guests are not allowed."),
    "guest": _l("A guest’s browser sent no usable id."),
    "email": _l("The claim “email” is missing or no e-mail address."),
    "role": _l(
        "The claim “role” must be pm, field, client or vendor for somebody new. Owners and "
        "administrators are made on the page of your people."
    ),
    "staff": _l("The address belongs to the platform’s own people, who don’t come this way."),
    "disabled": _l("The account with this address is switched off."),
    "removed": _l("This person was removed from your company. Invite them to let them in again."),
    "again": _l("The same person came twice at the same moment. Try again with a new token."),
    "builder": _l("No company has this short name, or it has no page that may show the help."),
}

ORIGINS: Final[Mapping[str, Any]] = {
    "empty": _l("Enter at least one address."),
    "too_long": _l("This address is too long."),
    "scheme": _l("Begin with https://, as in https://app.example.com."),
    "insecure": _l(
        "Only pages over https are allowed; http works for localhost alone, where one tries things."
    ),
    "wildcard": _l("Name each host by itself; * would let in pages that are not yours."),
    "user": _l("Leave out what stands before the @."),
    "path": _l("Leave out what follows the host: the whole site is meant."),
    "port": _l("The port is a number up to 65535."),
    "characters": _l("There is a character in it that no address of a host has."),
    "many": _l("At most 20 addresses."),
}
