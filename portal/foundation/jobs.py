"""What the doorbell calls: each job is one call, safe to repeat at any time."""

from portal.foundation import deliveries, outbox
from portal.foundation.clock import utcnow
from portal.foundation.runtime import current_runtime

PAGE = "page"


def drain_outbox() -> int:
    runtime = current_runtime()
    done = outbox.drain(runtime.writers, runtime.subscribers, at=utcnow())
    send_letters()
    return done


def send_letters() -> int:
    """Everything that leaves except pages, which have a sender that needs no Redis."""
    runtime = current_runtime()
    channels = {kind: c for kind, c in runtime.channels.items() if kind != PAGE}
    return deliveries.send_due(runtime.writers, channels, at=utcnow)


def send_pages() -> int:
    runtime = current_runtime()
    channels = {kind: c for kind, c in runtime.channels.items() if kind == PAGE}
    return deliveries.send_due(runtime.writers, channels, at=utcnow)


def sweep() -> int:
    runtime = current_runtime()
    return sum(ticker(runtime.writers, utcnow()) for ticker in runtime.tickers)
