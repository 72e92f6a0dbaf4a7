"""How a portal is shown: a builder's look as plain values, read with every page of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.branding import tokens
from portal.branding.look import ACCENT, LANGUAGES, PRIMARY, Link, Look, Picture
from portal.branding.queries import Found
from portal.config import Settings


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom people of a portal call or write to; what is not known is empty."""

    name: str
    email: str = ""
    phone: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True)
class Face:
    """`stylesheet` is the digest of its colours, empty while they are ours; `root` is the address
    that a portal with several wants to be known by, without a slash at the end."""

    name: str
    root: str
    contact: Contact
    welcome: Mapping[str, str]
    primary: str = PRIMARY
    accent: str = ACCENT
    logo: Picture | None = None
    logo_dark: Picture | None = None
    icon: Picture | None = None
    languages: tuple[str, ...] = LANGUAGES
    footer: str = ""
    links: tuple[Link, ...] = ()
    stylesheet: str = ""

    def welcome_in(self, language: str) -> str:
        """In the reader's language, or in the one that it was written in."""
        return self.welcome.get(language) or next(filter(None, self.welcome.values()), "")

    @property
    def css(self) -> str:
        return tokens.stylesheet(self.primary, self.accent)[0]


def face_of(company: str, look: Look, root: str) -> Face:
    name = look.name or company
    ours = (look.primary, look.accent) == (PRIMARY, ACCENT)
    return Face(
        name=name,
        root=root,
        contact=Contact(
            look.contact_name or name, look.contact_email, look.contact_phone, look.contact_hours
        ),
        welcome={"en": look.welcome_en, "es": look.welcome_es},
        primary=look.primary,
        accent=look.accent,
        logo=look.logo,
        logo_dark=look.logo_dark,
        icon=look.icon,
        languages=look.languages,
        footer=look.footer,
        links=look.links,
        stylesheet="" if ours else tokens.stylesheet(look.primary, look.accent)[1],
    )


def look_of(kept: Mapping[str, Any] | None, contact: Mapping[str, str]) -> Look:
    """`kept` is what stands in `brands`, or nothing yet."""
    return Look.from_json({**(kept or {}), **contact})


def root_of(settings: Settings, slug: str, host: str | None) -> str:
    """Where people should find a portal: its own host, a sub-domain, or a path of the platform."""
    if host:
        return settings.root_at(host)
    if settings.portal_domain:
        return settings.portal_root(slug)
    return settings.portal_path_root(slug)


def face_of_portal(settings: Settings, found: Found) -> Face:
    root = root_of(settings, found.slug, found.host)
    return face_of(found.name, look_of(found.look, found.contact), root)
