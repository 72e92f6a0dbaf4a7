"""What happens by itself: who hears of events, what leaves the house, what the clock does."""

from portal.accounts import subscribers as accounts
from portal.accounts.service import links, lockout, widget_keys
from portal.branding import checking
from portal.branding import queries as brands
from portal.foundation import idempotency, retention
from portal.foundation.mail import transport_from
from portal.foundation.runtime import Runtime
from portal.notifications import account_letters, emptying, mailing
from portal.notifications import subscribers as company_news
from portal.privacy.service import exporting, forgetting
from portal.privacy.service import retention as keeping
from portal.tickets import pager, subscribers
from portal.tickets.service import leftovers, paging, sweeping


def register(runtime: Runtime) -> None:
    runtime.subscribers = {
        **accounts.SUBSCRIBERS,
        **account_letters.SUBSCRIBERS,
        **subscribers.SUBSCRIBERS,
        **company_news.SUBSCRIBERS,
    }
    runtime.channels = {
        "mail": mailing.channel(
            transport_from(runtime.settings.smtp),
            subscribers.letter_settled,
            secrets_stay=runtime.settings.demo,
        ),
        "page": pager.channel(runtime.settings),
    }
    runtime.tickers += [
        sweeping.sweep,
        paging.unconfirmed,
        idempotency.forget_old,
        lockout.forget_old,
        links.forget_old,
        widget_keys.forget_spent,
        leftovers.clearing(runtime.store, brands.kept_files),
        retention.forgetting(runtime.settings.events_kept),
        emptying.emptying(runtime.settings.letters_kept),
        exporting.building(runtime),
        forgetting.working(runtime),
        keeping.keeping(runtime.store),
        checking.checking_hosts(runtime.settings),
        checking.checking_senders(runtime.settings),
    ]
