"""The whole address of a page, for whoever reads it elsewhere."""

from sqlalchemy.orm import Session

from portal.branding.letterheads import mail_identity
from portal.core.permissions import Actor
from portal.foundation.runtime import current_runtime


def absolute(path: str, root: str = "") -> str:
    """At the platform, or at the portal whose `root` is given. The host is a configured or
    verified one, never that of a request."""
    return (root or current_runtime().settings.base_url) + path


def root_for(session: Session, actor: Actor) -> str:
    """Where the actor finds us: clients and vendors at their builder's portal, all others at the
    platform ("")."""
    if not actor.is_portal_user or actor.builder_id is None:
        return ""
    return mail_identity(session, current_runtime().settings, actor.builder_id).root
