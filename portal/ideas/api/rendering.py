"""Rows as shapes, with whole addresses."""

from collections.abc import Sequence

from portal.foundation.web.access import the_actor
from portal.foundation.web.database import db
from portal.ideas.addresses import idea_path
from portal.ideas.api import shapes
from portal.ideas.models import FeatureRequest, FeatureRequestVote
from portal.ideas.queries import votes
from portal.notifications.addresses import absolute

PLAIN = [
    name
    for name in shapes.FeatureRequest.model_fields
    if name not in {"url", "voted", "decline_reason"}
]


def ideas(rows: Sequence[FeatureRequest]) -> list[shapes.FeatureRequest]:
    voted = votes.voted(db(), the_actor().builder_id, [row.id for row in rows])
    return [
        shapes.FeatureRequest(
            **{name: getattr(row, name) for name in PLAIN},
            url=absolute(idea_path(row.number)),
            voted=row.id in voted,
            decline_reason=row.decline_reason or None,
        )
        for row in rows
    ]


def vote(idea: FeatureRequest, own: FeatureRequestVote | None) -> shapes.Vote:
    return shapes.Vote(
        feature_request_id=idea.id,
        voted=own is not None,
        vote_count=idea.vote_count,
        voted_by=(own.user_name or own.on_behalf_by_name or None) if own else None,
        voted_at=own.created_at if own else None,
        reason=(own.reason or None) if own else None,
    )
