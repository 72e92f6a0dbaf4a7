"""How the platform's own letters look; those of portals come in the name of their builder."""

from email.utils import parseaddr

from portal.branding.letterheads import MailIdentity
from portal.config import Settings
from portal.core.contrast import OURS, Theme

LIGHT = {**OURS[Theme.LIGHT], "brand": "#23459b", "brand-ink": "#ffffff"}
LIGHT |= {"brand-line": "#23459b", "link": "#23459b"}
DARK = {**OURS[Theme.DARK], "brand": "#93b7ff", "brand-ink": "#081529"}
DARK |= {"brand-line": "#93b7ff", "link": "#a3c3ff"}


def of_platform(settings: Settings) -> MailIdentity:
    name, sender = parseaddr(settings.mail_from)
    return MailIdentity(
        name=name,
        sender=sender,
        reply_to=sender,
        root=settings.base_url,
        slug="",
        domain=sender.rpartition("@")[2],
        light=LIGHT,
        dark=DARK,
        footer="",
        logo=None,
    )
