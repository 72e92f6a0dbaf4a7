"""Which portal a request is for: by the path `/b/<slug>/`, or by a host below the portal domain."""

from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portal.accounts.models import Builder
from portal.config import Settings
from portal.foundation.web.site import Finder, Site, portal_path

_BUILDER: Final = select(Builder.id, Builder.slug, Builder.name)
_BY_SLUG: Final = _BUILDER.where(Builder.slug == bindparam("slug"))


def finder(settings: Settings) -> Finder:
    below = f".{settings.portal_domain}"

    def find(session: Session, host: str, slug: str) -> Site | None:
        by_path = bool(slug)
        if not by_path:
            if not settings.portal_domain or not host.endswith(below):
                return None
            slug = host.removesuffix(below)
        row = session.connection().execute(_BY_SLUG, {"slug": slug}).one_or_none()
        if row is None:
            return None
        key, slug, name = row
        if by_path:
            path = portal_path(slug)
            return Site(settings.base_url + path.rstrip("/"), path, key, slug, name)
        return Site(settings.portal_root(slug), "/", key, slug, name)

    return find
