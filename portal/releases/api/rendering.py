"""Rows as shapes, with whole addresses."""

from collections.abc import Sequence

from portal.foundation.speech import language
from portal.foundation.web.access import the_actor
from portal.foundation.web.database import db
from portal.notifications.addresses import absolute
from portal.releases.api import shapes
from portal.releases.models import Release
from portal.releases.queries import ideas, reading


def releases(rows: Sequence[Release]) -> list[shapes.ReleaseNote]:
    shipped = ideas.keys_of_notes(db(), the_actor(), [row.id for row in rows])
    return [
        shapes.ReleaseNote(
            id=note.release.id,
            number=note.release.number or 0,
            version=note.release.version,
            title=note.text.title,
            summary=note.text.summary,
            body=note.text.body,
            body_html=note.text.body_html,
            language=note.text.language,
            languages=list(note.languages),
            modules=list(note.release.modules),
            feature_request_ids=shipped.get(note.release.id, []),
            url=absolute(note.path),
            published_at=note.release.published_at or note.release.updated_at,
            updated_at=note.release.updated_at,
        )
        for note in reading.with_bodies(db(), rows, language())
    ]
