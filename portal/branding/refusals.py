"""Why a host is refused, in words that say what to type instead."""

from portal.core.hostnames import BadHost
from portal.foundation.speech import gettext as _


def host_refusal(refused: BadHost) -> str:
    if refused.reason in {"mixed", "disguise"}:
        return _looks_like_another(refused)
    return str(_sentence(refused.reason))


def _looks_like_another(refused: BadHost) -> str:
    facts = refused.facts
    if refused.reason == "mixed":
        return str(
            _(
                "“%(character)s” is a %(script)s letter among %(others)s ones. Names that only "
                "look like another are refused; type it anew.",
                **facts,
            )
        )
    return str(
        _(
            "“%(character)s” is a %(script)s letter: the name reads as “%(like)s” but is another. "
            "Names that only look like another are refused.",
            **facts,
        )
    )


def _sentence(reason: str) -> str:
    sentences = {
        "empty": _("Enter a domain such as support.acme.com."),
        "scheme": _("Leave out https:// and enter the domain alone, such as support.acme.com."),
        "path": _("Enter the domain alone, without what follows a slash."),
        "port": _("Enter the domain alone, without a colon and a port."),
        "user": _("Enter the domain alone, without an @."),
        "wildcard": _("Enter one whole domain. A star can’t stand for several."),
        "number": _("Enter a name, not a number: an address such as 10.0.0.7 can’t be used."),
        "single": _("Enter the whole domain with its ending, such as support.acme.com."),
        "too_long": _("This domain is too long: 253 characters, and 63 between two dots."),
        "ours": _("This domain belongs to the platform. Enter one of your own."),
        "reserved": _("Names with this ending lead nowhere on the internet. Enter a public one."),
        "registry": _("This is an ending that many share. Enter your own domain below it."),
    }
    other = _("A domain has letters, digits, hyphens and dots only.")
    return str(sentences.get(reason, other))
