"""In whose name a letter to people of a portal goes: nothing of it says whose platform it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from portal.branding import queries, tokens
from portal.branding.face import face_of_portal
from portal.branding.look import Size
from portal.config import Settings


class NoSuchBuilder(LookupError):
    pass


@dataclass(frozen=True, slots=True)
class MailIdentity:
    """`sender` is the bare address that letters come from; `root` begins every link; `light` and
    `dark` are design tokens, since letters read no stylesheet; `domain` is that of message ids,
    the same for all letters of a thread whatever becomes of the sender."""

    name: str
    sender: str
    reply_to: str
    root: str
    slug: str
    domain: str
    light: Mapping[str, str]
    dark: Mapping[str, str]
    footer: str
    logo: Size | None

    @property
    def logo_url(self) -> str:
        return f"{self.root}/brand/{self.logo.filename}" if self.logo else ""


def mail_identity(session: Session, settings: Settings, builder_id: UUID) -> MailIdentity:
    """By one question. Without a verified sender of their own, a builder's letters come from the
    shared address under the builder's name, and replies go to the builder."""
    found = queries.portal_by_id(session, builder_id)
    if found is None:
        raise NoSuchBuilder(builder_id)
    face = face_of_portal(settings, found)
    light, dark = tokens.of_letters(face.primary, face.accent)
    sender = found.sender or settings.portal_mail_from
    return MailIdentity(
        name=face.name,
        sender=sender,
        reply_to=face.contact.email or sender,
        root=face.root,
        slug=found.slug,
        domain=settings.portal_mail_from.rpartition("@")[2],
        light=light,
        dark=dark,
        footer=face.footer,
        logo=face.logo["1x"] if face.logo else None,
    )


def root_of(session: Session, settings: Settings, builder_id: UUID) -> str:
    """Where the portal of a builder is, without a slash at the end."""
    return mail_identity(session, settings, builder_id).root
