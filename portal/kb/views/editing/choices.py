"""What can be linked to or shown, found while one types."""

from flask import request
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.web.access import requires
from portal.foundation.web.database import db
from portal.foundation.web.fragments import page
from portal.kb.queries import editing as queries
from portal.kb.queries import listing
from portal.kb.views.editing.blueprint import editing
from portal.kb.views.editing.wording import language_name

MOST = 12


@editing.get("/choices")
@requires(Permission.WRITE_ARTICLES)
def choices() -> Response:
    words = " ".join(request.args.get("q", "")[:100].replace("\0", "").split())
    language = request.args.get("language", "")[:10]
    if request.args.get("kind") == "video":
        found = [
            {"slug": slug, "title": title, "note": ""}
            for slug, title in queries.videos_by_words(db(), words, language, MOST)
        ]
    else:
        found = [
            {
                "slug": row.slug,
                "title": row.title,
                "language": row.language,
                "language_name": language_name(row.language),
                "is_published": row.is_published,
            }
            for row in listing.found_by_words(db(), words, language, MOST)
        ]
    return page(
        "kb/editing/choices.html",
        blocks=("found",),
        found=found,
        words=words,
        language=language,
        kind="video" if request.args.get("kind") == "video" else "article",
    )
