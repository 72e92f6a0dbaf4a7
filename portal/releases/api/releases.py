"""List and read what is new: what is published, and nothing else, whoever asks."""

from flask import Response

from portal.core.permissions import Permission, Scope
from portal.foundation.web.access import requires
from portal.foundation.web.api.shapes import answer, answers
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.releases.api import rendering
from portal.releases.api.blueprint import api
from portal.releases.api.shapes import ReleaseNote, ReleasePage, ReleasePath, ReleasesQuery
from portal.releases.queries import reading


@api.get(
    "/releases",
    operation_id="listReleases",
    responses=answers(200, ReleasePage),
    description="What has changed in the product, in the language of the answer.",
)
@requires(Permission.READ_HELP, scope=Scope.READ_COMMUNITY)
def list_releases(query: ReleasesQuery) -> Response:
    """List what is new"""
    page = reading.published(db(), query.module, query.place(), query.limit)
    cursor = str(page.next_cursor) if page.next_cursor else None
    return answer(ReleasePage(items=rendering.releases(page.items), next_cursor=cursor))


@api.get(
    "/releases/<id>",
    operation_id="getRelease",
    responses=answers(200, ReleaseNote),
    description="One note of what is new.",
)
@requires(Permission.READ_HELP, scope=Scope.READ_COMMUNITY)
def get_release(path: ReleasePath) -> Response:
    """Read a note of what is new"""
    found = reading.published_by_id(db(), path.id)
    if found is None:
        raise NotFound
    return answer(rendering.releases([found])[0])
