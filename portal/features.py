"""The features that this product has, in the order of their layers."""

from flask_openapi.openapi import OpenAPI
from flask_wtf.csrf import CSRFProtect

from portal.accounts import views as accounts
from portal.foundation import idempotency, retention
from portal.foundation.mail import transport_from
from portal.foundation.runtime import Runtime
from portal.foundation.web.api import docs as api_docs
from portal.notifications import emptying, mailing
from portal.notifications.views import inbox, mailbox, preferences
from portal.ops import health
from portal.ops import models as ops_models  # noqa: F401
from portal.policy import views as policy
from portal.policy.loader import load_pack
from portal.tickets import models as ticket_models  # noqa: F401
from portal.tickets import pager, subscribers
from portal.tickets.api import api as tickets_api
from portal.tickets.service import leftovers, paging, sweeping
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
    queue,
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


def register(app: OpenAPI, runtime: Runtime, csrf: CSRFProtect) -> None:
    load_pack(runtime.settings.pack)  # a broken support model stops the start
    health.init_app(app)
    app.register_blueprint(accounts.views)
    app.register_blueprint(policy.views)
    app.register_blueprint(api_docs.views)
    for programs in (tickets_api,):
        csrf.exempt(programs)  # tokens are never sent by a page on its own
        app.register_api(programs)
    inbox.init_app(app)
    for pages in (preferences, mailbox, live):
        app.register_blueprint(pages.views)
    app.register_blueprint(support)
    app.register_blueprint(workspace)
    app.register_blueprint(contact.contact)
    runtime.subscribers = subscribers.SUBSCRIBERS
    runtime.channels = {
        "mail": mailing.channel(transport_from(runtime.settings.smtp), subscribers.letter_settled),
        "page": pager.channel(runtime.settings),
    }
    runtime.tickers += [
        sweeping.sweep,
        paging.unconfirmed,
        idempotency.forget_old,
        leftovers.clearing(runtime.store),
        retention.forgetting(runtime.settings.events_kept),
        emptying.emptying(runtime.settings.letters_kept),
    ]
