"""What the most wanted would weigh: for those who decide, beside what everybody sees."""

from dataclasses import dataclass

from werkzeug.wrappers import Response

from portal.core.gaps import plan_weights
from portal.core.idea_ranking import Weighed
from portal.core.permissions import Permission
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.formatting import language
from portal.foundation.web.fragments import page
from portal.ideas.models import FeatureRequest
from portal.ideas.queries import votes
from portal.ideas.queries.listing import Wanted, listed
from portal.ideas.views.blueprint import ideas, words
from portal.ideas.views.showing import weighed
from portal.policy.running import running_pack

MOST = 100


@dataclass(frozen=True, slots=True)
class Row:
    idea: FeatureRequest
    plans: list[tuple[str, Weighed]]

    @property
    def weight(self) -> int:
        return sum(line.total for _name, line in self.plans)


@ideas.get("/weight", endpoint="weight")
@requires(Permission.RUN_IDEAS)
def weight() -> Response:
    """The hundred with the most votes, the heaviest first."""
    session = db()
    found = listed(session, the_actor(), Wanted(), rows=MOST).items
    plans = votes.plans(session, [idea.id for idea in found])
    rows = [Row(idea, weighed(plans.get(idea.id, {}))) for idea in found]
    rows.sort(key=lambda row: (-row.weight, -row.idea.vote_count, row.idea.number))
    pack = running_pack()
    weights = plan_weights(pack.plans)
    scale = [(plan.name.to(language()), weights[key]) for key, plan in pack.plans.items()]
    return page("ideas/weight.html", rows=rows, scale=scale, most=MOST, **words())
