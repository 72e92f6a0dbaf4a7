"""Pictures for who shares a link to the roadmap."""

from flask_babel import force_locale
from werkzeug.wrappers import Response

from portal.foundation.speech import gettext as _
from portal.foundation.speech import ngettext
from portal.foundation.web.access import public
from portal.foundation.web.database import db
from portal.foundation.web.limits import limiter
from portal.foundation.web.site import the_site
from portal.roadmap.queries import items
from portal.roadmap.sheets import TITLES, Column, Leaf
from portal.roadmap.views.blueprint import asked_language, public_card, roadmap
from portal.roadmap.views.programs import READ, answer
from portal.roadmap.wording import STAGES, quarter_name

PNG = "image/png"


@roadmap.get("/share.png", endpoint="share")
@limiter.limit(READ)
@public("shown beside links: of what everybody may read")
def share() -> Response:
    from portal.roadmap import picture

    language = asked_language()
    columns = items.columns(items.listed(db()))
    with force_locale(language):
        shown = []
        for stage, groups in columns.items():
            titles = [card.said(language).title for group in groups for card in group.cards]
            first = tuple(titles[:TITLES])
            shown.append(Column(str(STAGES[stage]), len(titles), first))
        body = picture.of_roadmap(the_site().name, _("Roadmap"), tuple(shown))
    return answer(body, PNG, language)


@roadmap.get("/<int:number>/share.png", endpoint="share_item")
@limiter.limit(READ)
@public("shown beside links: of what everybody may read")
def share_item(number: int) -> Response:
    from portal.roadmap import picture

    card, language = public_card(number), asked_language()
    with force_locale(language):
        stage, quarter = STAGES[card.item.stage], quarter_name(card.item.quarter)
        leaf = Leaf(
            card.said(language).title,
            f"{stage} · {quarter}",
            ngettext("%(num)s vote", "%(num)s votes", card.votes) if card.ideas else "",
        )
        body = picture.of_item(the_site().name, leaf)
    return answer(body, PNG, language)
