"""What a plan includes, where to turn when it does not, and dated windows that add to it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan and its channels, the preferred one first."""

    plan: str
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entitlement:
    """`plans_with` name the plans that include a missing channel: none, if nobody offers it.
    `instead` is a channel the plan does include."""

    channel: str
    included: bool
    plans_with: tuple[str, ...] = ()
    instead: str | None = None


def entitlement(
    offers: Sequence[Offer], *, plan: str, channel: str, fallbacks: Mapping[str, str]
) -> Entitlement:
    """KeyError for an unknown plan. `fallbacks` maps a channel to the next best one."""
    own = {offer.plan: offer.channels for offer in offers}[plan]
    if channel in own:
        return Entitlement(channel, included=True)
    return Entitlement(
        channel,
        included=False,
        plans_with=tuple(offer.plan for offer in offers if channel in offer.channels),
        instead=_instead(channel, own, fallbacks),
    )


def _instead(channel: str, own: tuple[str, ...], fallbacks: Mapping[str, str]) -> str | None:
    seen = {channel}
    while (channel := fallbacks.get(channel, "")) and channel not in seen:
        if channel in own:
            return channel
        seen.add(channel)
    return own[0] if own else None


@dataclass(frozen=True, slots=True)
class Window:
    """A dated promise on top of the plan: from `starts_at` up to, not including, `ends_at`."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    hotline: str
    note: str = ""
    cancelled_at: datetime | None = None

    def covers(self, at: datetime) -> bool:
        """A cancelled window has covered what came before its cancelling."""
        ends = min(self.ends_at, self.cancelled_at) if self.cancelled_at else self.ends_at
        return self.starts_at <= at < ends


def active_window(windows: Iterable[Window], at: datetime) -> Window | None:
    """The one that lasts longest of those open at `at`."""
    open_now = [window for window in windows if window.covers(at)]
    return max(open_now, key=lambda window: (window.ends_at, window.id), default=None)
