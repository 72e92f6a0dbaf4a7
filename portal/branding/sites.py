"""Which portal a request is for: by the path `/b/<slug>/`, by a host below the portal domain, or by
a host of the builder's own. One statement finds it with all that its pages look like."""

from uuid import UUID

from sqlalchemy.orm import Session

from portal.branding import queries
from portal.branding.face import Face, face_of_portal
from portal.branding.look import LANGUAGES
from portal.branding.queries import Found
from portal.config import Settings
from portal.foundation.web.site import Finder, Roots, Site, portal_path, the_site


def finder(settings: Settings) -> Finder:
    below = f".{settings.portal_domain}"

    def find(session: Session, host: str, slug: str) -> Site | None:
        if slug:
            found = queries.portal_by_slug(session, slug)
            return None if found is None else _by_path(settings, found)
        if settings.portal_domain and host.endswith(below):
            found = queries.portal_by_slug(session, host.removesuffix(below))
            return None if found is None else _at(settings.portal_root(found.slug), settings, found)
        found = queries.portal_by_host(session, host)
        return None if found is None else _at(settings.root_at(host), settings, found)

    return find


def roots(settings: Settings) -> Roots:
    def find(session: Session, builder_id: UUID, slug: str) -> list[str]:
        below = [settings.portal_root(slug)] if settings.portal_domain else []
        own = [settings.root_at(host) for host in queries.verified_hosts(session, builder_id)]
        return [settings.portal_path_root(slug), *below, *own]

    return find


def languages() -> tuple[str, ...]:
    """What the site of the running request speaks to those who have not said what they speak."""
    face: Face | None = the_site().brand
    return face.languages if face is not None else LANGUAGES


def _by_path(settings: Settings, found: Found) -> Site:
    path = portal_path(found.slug)
    face = face_of_portal(settings, found)
    return Site(settings.base_url + path.rstrip("/"), path, found.id, found.slug, face.name, face)


def _at(root: str, settings: Settings, found: Found) -> Site:
    face = face_of_portal(settings, found)
    return Site(root, "/", found.id, found.slug, face.name, face)
