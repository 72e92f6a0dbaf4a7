"""What happens by itself: who hears of events, what leaves the house, what the clock does."""

from collections.abc import Mapping, Sequence

from portal.accounts import subscribers as accounts
from portal.accounts.service import links, lockout, widget_keys, widget_sessions
from portal.backlog import courier
from portal.backlog import subscribers as backlog_news
from portal.backlog.service.connecting import Means
from portal.branding import checking
from portal.branding import queries as brands
from portal.community import subscribers as community
from portal.forum import subscribers as forum_news
from portal.forum.service import digests
from portal.foundation import idempotency, retention
from portal.foundation.mail import transport_from
from portal.foundation.outbox import Handler
from portal.foundation.runtime import Runtime
from portal.guidance.models import Press
from portal.ideas import subscribers as idea_news
from portal.kb import subscribers as help_news
from portal.kb.models import Feedback, Reading
from portal.kb.queries import editing as articles
from portal.kb.service import removing, reviewing
from portal.notifications import account_letters, emptying, mailing
from portal.notifications import subscribers as company_news
from portal.privacy.service import exporting, forgetting
from portal.privacy.service import retention as keeping
from portal.releases import subscribers as news
from portal.releases.service import scheduling
from portal.roadmap import subscribers as roadmap_news
from portal.roadmap.service import reminding
from portal.search import searching
from portal.search.models import Query
from portal.search.service import purging
from portal.tickets import pager, subscribers
from portal.tickets.service import leftovers, paging, sweeping
from portal.writing.service import pictures

LOGS = (Query, Reading, Feedback, Press)
"""What readers did; what articles count of it stays."""


def register(runtime: Runtime) -> None:
    runtime.subscribers = _together(
        accounts.SUBSCRIBERS,
        account_letters.SUBSCRIBERS,
        community.SUBSCRIBERS,
        help_news.SUBSCRIBERS,
        forum_news.SUBSCRIBERS,
        idea_news.SUBSCRIBERS,
        backlog_news.SUBSCRIBERS,
        news.SUBSCRIBERS,
        roadmap_news.SUBSCRIBERS,
        subscribers.SUBSCRIBERS,
        company_news.SUBSCRIBERS,
    )
    runtime.channels = {
        "mail": mailing.channel(
            transport_from(runtime.settings.smtp),
            subscribers.letter_settled,
            secrets_stay=runtime.settings.demo,
        ),
        "page": pager.channel(runtime.settings),
        "backlog": courier.channel(_courier(runtime)),
    }
    runtime.tickers += [
        searching.following(runtime),
        purging.purge,
        sweeping.sweep,
        paging.unconfirmed,
        idempotency.forget_old,
        lockout.forget_old,
        links.forget_old,
        widget_keys.forget_spent,
        widget_sessions.forget_expired,
        leftovers.clearing(
            runtime.store, brands.kept_files, articles.kept_files, pictures.kept_files
        ),
        pictures.clearing(runtime.store),
        retention.forgetting(runtime.settings.events_kept),
        emptying.emptying(runtime.settings.letters_kept),
        *(retention.outdating(log.at, runtime.settings.readings_kept) for log in LOGS),
        exporting.building(runtime),
        forgetting.working(runtime),
        keeping.keeping(runtime.store),
        reviewing.remind,
        reminding.remind,
        removing.forget_removed,
        digests.send,
        scheduling.publish_due,
        checking.checking_hosts(runtime.settings),
        checking.checking_senders(runtime.settings),
    ]


def _courier(runtime: Runtime) -> courier.Courier:
    settings = runtime.settings
    means = Means(runtime.sealing_key, settings.linear_url, settings.on_loopback)
    return courier.Courier(runtime.writers, means, settings.base_url)


def _together(*rooms: Mapping[str, Sequence[Handler]]) -> dict[str, Sequence[Handler]]:
    """Who hears of each event, in the order of the rooms."""
    heard: dict[str, Sequence[Handler]] = {}
    for room in rooms:
        for kind, handlers in room.items():
            heard[kind] = (*heard.get(kind, ()), *handlers)
    return heard
