"""An idea as those who build read it. The frame is English, as trackers are; the words are those of
whoever wrote them."""

from sqlalchemy.orm import Session

from portal.backlog.models import BacklogItem
from portal.backlog.queries import items
from portal.backlog.trackers import Card
from portal.ideas.addresses import idea_path
from portal.ideas.models import FeatureRequest, Status
from portal.policy.modules import module_name
from portal.policy.running import running_pack

STAGES = {
    Status.SUBMITTED: "Submitted",
    Status.UNDER_REVIEW: "Under review",
    Status.PLANNED: "Planned",
    Status.IN_PROGRESS: "In progress",
    Status.SHIPPED: "Shipped",
    Status.DECLINED: "Declined",
}


def card_of(session: Session, item: BacklogItem, base_url: str) -> Card:
    idea = item.idea
    parts = [("", _stand(session, idea)), ("", idea.description)]
    if idea.use_case:
        parts.append(("What it would be used for", idea.use_case))
    return Card(
        marker=item.marker,
        title=idea.title,
        parts=tuple(parts),
        link=base_url + idea_path(idea.number),
        known=item.external_id,
    )


def _stand(session: Session, idea: FeatureRequest) -> str:
    wanted = "1 builder" if idea.vote_count == 1 else f"{idea.vote_count} builders"
    lines = [f"Idea #{idea.number}, wanted by {wanted}. {_becomes(session, idea)}"]
    if idea.category:
        lines.append(f"Module: {module_name(running_pack(), idea.category, language='en')}.")
    return " ".join(lines)


def _becomes(session: Session, idea: FeatureRequest) -> str:
    if idea.merged_into_id is not None:
        return f"Merged into idea #{items.merged_into(session, idea)}."
    if idea.status == Status.DECLINED:
        return f"Declined: {idea.decline_reason}"
    version = f" with {idea.shipped_in_version}" if idea.shipped_in_version else ""
    return f"{STAGES[Status(idea.status)]}{version}."
