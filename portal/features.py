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
from portal.branding.views import editor as branding
from portal.branding.views import files as brand_files
from portal.branding.views import hosts, letterhead
from portal.foundation.web import site
from portal.foundation.web.api import docs as api_docs
from portal.foundation.web.site import Kind
from portal.notifications.views import inbox, mailbox, preferences
from portal.ops import health
from portal.ops import models as ops_models  # noqa: F401
from portal.policy import views as policy
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
from portal.tickets import models as ticket_models  # noqa: F401
from portal.tickets.api import api as tickets_api
from portal.tickets.views import (  # noqa: F401  each adds its pages to a blueprint
    acknowledgements,
    answers,
    assignment,
    attachments,
    contact,
    desk,
    drafts,
    editions,
    filing,
    home,
    listing,
    live,
    office,
    portal,
    queue,
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

BOTH = frozenset(Kind)
SITES = {
    "accounts": BOTH,
    "sso": BOTH,
    "support": BOTH,
    "contact": BOTH,
    "inbox": BOTH,
    "notification_preferences": BOTH,
    "live": BOTH,
    "own_data": BOTH,
    "brand": BOTH,
}
"""What portals have, too; the rest is the platform's alone."""


def register(app: OpenAPI, csrf: CSRFProtect) -> None:
    health.init_app(app)
    app.register_blueprint(accounts)
    app.register_blueprint(teams.company)
    app.register_blueprint(teams.staff)
    app.register_blueprint(keys)
    for entrance in (sso.views, sign_on.company, sign_on.staff):
        app.register_blueprint(entrance)
    csrf.exempt(sso.logout)  # a provider has no page of ours; its token is signed
    app.register_blueprint(policy.views)
    for pages in (brand_files, branding, hosts, letterhead):
        app.register_blueprint(pages.views)
    app.register_blueprint(api_docs.views)
    for programs in (tickets_api,):
        csrf.exempt(programs)  # tokens are never sent by a page on its own
        app.register_api(programs)
    inbox.init_app(app)
    for pages in (preferences, mailbox, live):
        app.register_blueprint(pages.views)
    app.register_blueprint(support)
    app.register_blueprint(workspace)
    app.register_blueprint(office)
    app.register_blueprint(contact.contact)
    app.register_blueprint(privacy)
    app.register_blueprint(own_data)
    site.place(app, SITES)
