"""What happens by itself: who hears of events, what leaves the house, what the clock does."""

from portal.foundation import idempotency, retention
from portal.foundation.mail import transport_from
from portal.foundation.runtime import Runtime
from portal.notifications import emptying, mailing
from portal.privacy.service import exporting, forgetting
from portal.privacy.service import retention as keeping
from portal.tickets import pager, subscribers
from portal.tickets.service import leftovers, paging, sweeping


def register(runtime: Runtime) -> None:
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
        exporting.building(runtime),
        forgetting.working(runtime),
        keeping.keeping(runtime.store),
    ]
