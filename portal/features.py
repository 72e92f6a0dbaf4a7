"""The pages that this product has, in the order of their layers; what happens without them is in
`effects`."""

from flask_openapi.openapi import OpenAPI
from flask_wtf.csrf import CSRFProtect

from portal.accounts.oidc import models as sso_models  # noqa: F401
from portal.accounts.views import (  # noqa: F401  each adds its pages
    account,
    administration,
    invitations,
    links,
    passwords,
    places,
    sessions,
    sign_on,
    signing_in,
    sso,
    tokens,
    two_factor,
)
from portal.accounts.views import team as teams
from portal.accounts.views import views as accounts
from portal.accounts.views.keys import keys
from portal.accounts.views.widget import settings as widget_settings
from portal.backlog import models as backlog_models  # noqa: F401
from portal.backlog.addresses import sending_path
from portal.backlog.views import backlog
from portal.branding.views import editor as branding
from portal.branding.views import files as brand_files
from portal.branding.views import hosts, letterhead
from portal.community import contributions
from portal.community import doors as community_doors
from portal.community import models as community_models  # noqa: F401
from portal.community.views import (  # noqa: F401  each adds its pages
    appeals,
    choosing,
    community,
    explaining,
    members,
    restricting,
)
from portal.community.views import company as community_company
from portal.forum import models as forum_models  # noqa: F401
from portal.forum.api import api as forum_api
from portal.forum.queries import contributions as written
from portal.forum.queries import public as forum_pages
from portal.forum.service import merits
from portal.forum.views import forum
from portal.forum.views.digests import end as end_digest
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web import site, sitemaps
from portal.foundation.web.api import docs as api_docs
from portal.foundation.web.site import Kind
from portal.foundation.web.sitemaps import Source
from portal.gaps import models as gaps_models  # noqa: F401
from portal.gaps.views import gaps, outcome  # noqa: F401
from portal.gaps.views import queue as gaps_queue  # noqa: F401
from portal.guidance import models as guidance_models  # noqa: F401
from portal.guidance.api import api as guidance_api
from portal.guidance.views import (  # noqa: F401  each adds its pages
    addresses,
    exchange,
    guidance,
    orientations,
    screens,
    terms,
)
from portal.ideas import models as idea_models  # noqa: F401
from portal.ideas import plans, tracked
from portal.ideas.api import api as ideas_api
from portal.ideas.queries import public as idea_pages
from portal.ideas.views import ideas
from portal.kb import models as kb_models  # noqa: F401
from portal.kb.api import api as kb_api
from portal.kb.queries import shelves
from portal.kb.views.editing import editing
from portal.kb.views.reading import reading
from portal.kb.views.videos import films
from portal.notifications.views import inbox, mailbox, preferences
from portal.ops import health
from portal.ops import models as ops_models  # noqa: F401
from portal.policy import views as policy
from portal.policy.running import module_names
from portal.privacy import models as privacy_models  # noqa: F401
from portal.privacy.views import (  # noqa: F401  each adds its pages
    audit,
    company,
    concerned,
    erasures,
    exports,
    own_data,
    privacy,
)
from portal.releases import models as release_models  # noqa: F401
from portal.releases import shipped
from portal.releases.api import api as releases_api
from portal.releases.queries import public as news_pages
from portal.releases.views import badge as news_badge
from portal.releases.views import feeds as news_feeds
from portal.releases.views import releases
from portal.roadmap import models as roadmap_models  # noqa: F401
from portal.roadmap import plans as roadmap_plans
from portal.roadmap.api import api as roadmap_api
from portal.roadmap.queries import public as roadmap_pages
from portal.roadmap.views import feeds as roadmap_feeds
from portal.roadmap.views import roadmap
from portal.search import models as search_models  # noqa: F401
from portal.search import naming, sources
from portal.search.api import api as search_api
from portal.search.views import editors as synonym_editors
from portal.search.views import search
from portal.tickets import models as ticket_models  # noqa: F401
from portal.tickets import own
from portal.tickets.api import api as tickets_api
from portal.tickets.views import (  # noqa: F401  each adds its pages to a blueprint
    acknowledgements,
    answers,
    articles,
    assignment,
    attachments,
    consent,
    contact,
    deflecting,
    desk,
    drafts,
    editions,
    filing,
    home,
    listing,
    live,
    office,
    portal,
    publishing,
    queue,
    recommending,
    refusals,
    replies,
    requests,
    restorations,
    settling,
    states,
    support,
    templates,
    ticket,
    triage,
    wishes,
    workspace,
)
from portal.tickets.views.at_builder import (  # noqa: F401  and these to another
    canned,
    escalation,
    incoming,
    rules,
    verbs,
    writing,
)
from portal.writing.views import pictures

BOTH = frozenset(Kind)
SITES = {
    "accounts": BOTH,
    "search": BOTH,
    "sso": BOTH,
    "support": BOTH,
    "contact": BOTH,
    "inbox": BOTH,
    "notification_preferences": BOTH,
    "live": BOTH,
    "own_data": BOTH,
    "brand": BOTH,
    "reading": BOTH,
    "community": BOTH,
    "forum.front": BOTH,  # only to be read there; so the rest of it is nowhere
    "forum.category": BOTH,
    "forum.thread": BOTH,
    "forum.reply": BOTH,
    "forum.history_of_post": BOTH,
    "forum.history_of_reply": BOTH,
    "pictures.whole": BOTH,
    "pictures.preview": BOTH,
}
"""What portals have, too, by blueprint or endpoint; the rest is the platform's alone."""


def register(app: OpenAPI, csrf: CSRFProtect) -> None:
    health.init_app(app)
    app.register_blueprint(accounts)
    app.register_blueprint(teams.company)
    app.register_blueprint(teams.staff)
    app.register_blueprint(keys)
    app.register_blueprint(widget_settings)
    for entrance in (sso.views, sign_on.company, sign_on.staff):
        app.register_blueprint(entrance)
    csrf.exempt(sso.logout)  # a provider has no page of ours; its token is signed
    app.register_blueprint(policy.views)
    for pages in (brand_files, branding, hosts, letterhead):
        app.register_blueprint(pages.views)
    app.register_blueprint(api_docs.views)
    apis = (
        *(tickets_api, guidance_api, kb_api, search_api),
        *(forum_api, ideas_api, releases_api, roadmap_api),
    )
    for programs in apis:
        csrf.exempt(programs)  # tokens are never sent by a page on its own
        app.register_api(programs)
    app.register_blueprint(reading)
    app.register_blueprint(films)
    app.register_blueprint(pictures)
    app.register_blueprint(forum)
    csrf.exempt(end_digest)  # by which mail programs end what is a list to them
    community_doors.init_app(app)
    contributions.register("threads", _l("Threads in the forum"), written.threads_of)
    contributions.register("replies", _l("Replies in the forum"), written.replies_of)
    contributions.register_names(merits.POST, written.posts)
    contributions.register_names(merits.REPLY, written.replies)
    app.register_blueprint(community)
    app.register_blueprint(community_company)
    inbox.init_app(app)
    for pages in (preferences, mailbox, live):
        app.register_blueprint(pages.views)
    naming.register("category", shelves.titles)
    naming.register("module", module_names)
    sources.register("tickets", own.LABEL, own.own_tickets)
    app.register_blueprint(support)
    app.register_blueprint(workspace)
    app.register_blueprint(guidance)
    app.register_blueprint(office)
    app.register_blueprint(editing)
    app.register_blueprint(ideas)
    news_badge.init_app(app)
    app.register_blueprint(news_feeds)
    app.register_blueprint(releases)
    app.register_blueprint(roadmap)
    app.register_blueprint(roadmap_feeds)
    plans.register(roadmap_plans.of_idea)
    app.register_blueprint(backlog)
    tracked.register(sending_path)
    shipped.register("roadmap", roadmap_plans.of_release)
    app.register_blueprint(sitemaps.sitemaps)
    for name, listed in (
        ("forum", forum_pages),
        ("ideas", idea_pages),
        ("roadmap", roadmap_pages),
        ("news", news_pages),
    ):
        sitemaps.register(name, Source(listed.highest, listed.pages))
    app.register_blueprint(contact.contact)
    app.register_blueprint(gaps)
    app.register_blueprint(privacy)
    app.register_blueprint(own_data)
    app.register_blueprint(search)
    app.register_blueprint(synonym_editors)
    site.place(app, SITES)
