"""What leads from the pages of support into the help centre."""

from typing import Any

from flask import request

from portal.core.audience import reader_of
from portal.foundation.web.database import db
from portal.foundation.web.formatting import language
from portal.foundation.web.site import is_portal
from portal.kb import front
from portal.kb.addresses import article_path, home_path
from portal.tickets.views.reader import visitor


def leading() -> dict[str, Any]:
    """For `support/macros.html: into_help`: articles for the reader's role."""
    reader = reader_of(visitor(), at_portal=is_portal())
    return {
        "articles": front.for_role(db(), reader, language()),
        "article_path": article_path,
        "home_path": home_path,
        "language": language(),
        "root": request.script_root,
    }
