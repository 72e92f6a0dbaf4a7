"""What people are told of: each kind with its words, and who is told how unless they choose."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.core.permissions import BUILDER_STAFF, IN_CHARGE, PORTAL, STAFF, Role
from portal.foundation.english import worded
from portal.foundation.speech import lazy_gettext as _l

CUSTOMERS = BUILDER_STAFF | PORTAL
DESKS = STAFF | BUILDER_STAFF  # who answers: the platform's people, or a builder's
AGENTS = frozenset({Role.AGENT, Role.MANAGER})
LEADS = frozenset({Role.MANAGER, Role.PLATFORM_ADMIN})
EVERYBODY = CUSTOMERS | STAFF
MEMBERS = BUILDER_STAFF | STAFF  # of the community: who may write in it
NOBODY: frozenset[Role] = frozenset()
TIMES = frozenset({"due"})  # facts that are instants, in ISO 8601
SENTENCES = frozenset({"error"})  # in English; those that are ours are in the catalogue


@dataclass(frozen=True, slots=True)
class Kind:
    """`sentence` has gaps for the facts. `concerns`: whose preferences page lists it. `in_app`
    and `mail` are the roles told so by default; `always` can't be switched off. `headline` stands
    before a ticket's subject in a letter's."""

    key: str
    label: Any
    sentence: Any
    icon: str
    concerns: frozenset[Role]
    in_app: frozenset[Role]
    mail: frozenset[Role]
    always: bool = False
    letter: str = "notice"
    headline: Any = ""

    def say(self, facts: Mapping[str, Any], when: Callable[[datetime], str]) -> str:
        """The sentence in the reader's language, times by `when`; a missing fact stays empty."""
        worded = {key: _worded(key, value, when) for key, value in facts.items()}
        return str(self.sentence) % defaultdict(str, worded)


def _worded(key: str, value: Any, when: Callable[[datetime], str]) -> str:
    if key in TIMES and value:
        return when(datetime.fromisoformat(value))
    if key in SENTENCES:
        return worded(value or "")
    return "" if value is None else str(value)


def _kinds() -> Iterator[Kind]:
    # customers
    yield Kind(
        "opened",
        _l("We have your request"),
        _l("We have your request #%(number)s: %(subject)s"),
        "ticket",
        CUSTOMERS,
        NOBODY,
        CUSTOMERS,
        letter="opened",
    )
    yield Kind(
        "answered",
        _l("We answered your request"),
        _l("%(by)s answered #%(number)s: %(subject)s"),
        "reply",
        CUSTOMERS,
        CUSTOMERS,
        CUSTOMERS,
        letter="answered",
    )
    yield Kind(
        "resolved",
        _l("We think your request is solved"),
        _l("#%(number)s is solved: %(subject)s"),
        "done",
        CUSTOMERS,
        CUSTOMERS,
        CUSTOMERS,
        letter="resolved",
    )
    yield Kind(
        "closed",
        _l("Your request was closed"),
        _l("#%(number)s is closed: %(subject)s"),
        "closed",
        CUSTOMERS,
        CUSTOMERS,
        CUSTOMERS,
        letter="closed",
    )
    yield Kind(
        "reopened",
        _l("Your request was opened again"),
        _l("#%(number)s is open again: %(subject)s"),
        "undo",
        CUSTOMERS,
        CUSTOMERS,
        CUSTOMERS,
        letter="reopened",
    )
    yield Kind(
        "domain_lapsed",
        _l("A domain of ours is no longer verified"),
        _l("%(host)s no longer leads to your portal: its DNS record is gone. Add it and check."),
        "globe",
        IN_CHARGE,
        IN_CHARGE,
        IN_CHARGE,
        headline=_l("A domain has lapsed"),
    )
    # staff
    yield Kind(
        "assigned",
        _l("A ticket is assigned to me"),
        _l("#%(number)s is yours: %(subject)s"),
        "user-plus",
        AGENTS | BUILDER_STAFF,
        DESKS,
        DESKS,
        headline=_l("Assigned to you"),
    )
    yield Kind(
        "customer_replied",
        _l("A customer replied"),
        _l("%(by)s replied to #%(number)s: %(subject)s"),
        "reply",
        DESKS,
        DESKS,
        AGENTS | BUILDER_STAFF,
        headline=_l("The customer replied"),
    )
    yield Kind(
        "came_back",
        _l("A ticket was reopened"),
        _l("#%(number)s was reopened: %(subject)s"),
        "undo",
        DESKS,
        DESKS,
        AGENTS | BUILDER_STAFF,
        headline=_l("Reopened"),
    )
    yield Kind(
        "mentioned",
        _l("Somebody mentioned me"),
        _l("%(by)s mentioned you on #%(number)s: %(subject)s"),
        "chat",
        DESKS,
        DESKS,
        DESKS,
        headline=_l("You were mentioned"),
    )
    yield Kind(
        "new_in_team",
        _l("A new ticket nobody has taken"),
        _l("#%(number)s is new and waits for somebody: %(subject)s"),
        "inbox",
        DESKS,
        DESKS,
        IN_CHARGE,
        headline=_l("New and waiting"),
    )
    yield Kind(
        "woken",
        _l("A snoozed ticket is back"),
        _l("#%(number)s is back: %(subject)s"),
        "snoozed",
        AGENTS,
        AGENTS,
        NOBODY,
        headline=_l("Back from snooze"),
    )
    yield Kind(
        "warned",
        _l("A promise is about to break"),
        _l("#%(number)s is due %(due)s: %(subject)s"),
        "clock",
        DESKS,
        DESKS,
        AGENTS | BUILDER_STAFF,
        letter="urgent",
        headline=_l("Due soon"),
    )
    yield Kind(
        "breached",
        _l("A promise was broken"),
        _l("#%(number)s is late, it was due %(due)s: %(subject)s"),
        "burn",
        DESKS,
        DESKS,
        LEADS | IN_CHARGE,
        letter="urgent",
        headline=_l("Late"),
    )
    yield Kind(
        "escalated",
        _l("A ticket is escalated to me"),
        _l("#%(number)s was escalated to you (tier %(tier)s): %(subject)s"),
        "escalate",
        AGENTS,
        STAFF,
        STAFF,
        letter="urgent",
        headline=_l("Escalated to you"),
    )
    yield Kind(
        "escalation",
        _l("A ticket was escalated"),
        _l("#%(number)s was escalated to tier %(tier)s: %(subject)s"),
        "escalate",
        LEADS,
        LEADS,
        NOBODY,
        letter="urgent",
        headline=_l("Escalated"),
    )
    yield Kind(
        "managers_told",
        _l("A late ticket can't be escalated further"),
        _l("#%(number)s needs you, there is no higher tier: %(subject)s"),
        "escalate",
        LEADS | IN_CHARGE,
        LEADS | IN_CHARGE,
        LEADS,
        letter="urgent",
        headline=_l("Needs you"),
    )
    yield Kind(
        "builder_flagged",
        _l("A customer asks for help unusually often"),
        _l("%(builder)s has opened %(count)s tickets in %(days)s days"),
        "flag",
        LEADS,
        LEADS,
        LEADS,
        headline=_l("A customer needs attention"),
    )
    yield Kind(
        "paged",
        _l("The person on duty is being paged"),
        _l("On-call is paged for #%(number)s: %(subject)s"),
        "bell",
        STAFF,
        STAFF,
        NOBODY,
        always=True,
        headline=_l("On-call is paged"),
    )
    yield Kind(
        "page_fallback",
        _l("Nobody has confirmed a page"),
        _l("Nobody has confirmed the page for #%(number)s: %(subject)s"),
        "burn",
        LEADS,
        LEADS,
        LEADS,
        always=True,
        letter="page_fallback",
        headline=_l("Page not confirmed"),
    )
    yield Kind(
        "page_failed",
        _l("Paging itself has failed"),
        _l("The page for #%(number)s could not be sent: %(error)s"),
        "burn",
        LEADS,
        LEADS,
        LEADS,
        always=True,
        letter="page_failed",
        headline=_l("Paging failed"),
    )
    yield Kind(
        "news_from_above",
        _l("There is news on a ticket that was passed up to the platform"),
        _l("There is news from the platform (#%(above)s) on #%(number)s: %(subject)s"),
        "escalate",
        BUILDER_STAFF,
        BUILDER_STAFF,
        BUILDER_STAFF,
        headline=_l("News from the platform"),
    )
    yield Kind(
        "sent_back",
        _l("The platform sent a ticket back"),
        _l("The platform sent #%(number)s back: %(subject)s"),
        "undo",
        BUILDER_STAFF,
        BUILDER_STAFF,
        BUILDER_STAFF,
        headline=_l("Sent back by the platform"),
    )
    yield Kind(
        "undelivered",
        _l("A reply of mine could not be delivered"),
        _l("Your reply on #%(number)s did not reach the customer: %(error)s"),
        "refused",
        DESKS,
        DESKS,
        NOBODY,
        headline=_l("Not delivered"),
    )
    yield Kind(
        "article_submitted",
        _l("An article waits for review"),
        _l("%(by)s asks you to review an article: %(subject)s"),
        "book",
        LEADS,
        LEADS,
        NOBODY,
        headline=_l("An article to review"),
    )
    yield Kind(
        "article_returned",
        _l("An article of mine was sent back"),
        _l("%(by)s sent your article “%(subject)s” back: %(reason)s"),
        "undo",
        STAFF,
        STAFF,
        NOBODY,
        headline=_l("An article was sent back"),
    )
    yield Kind(
        "article_review_due",
        _l("Articles should be looked at again"),
        _l("%(count)s articles should be looked at again, among them “%(subject)s”"),
        "calendar",
        LEADS,
        LEADS,
        NOBODY,
        headline=_l("Articles to look at"),
    )
    # the community
    yield Kind(
        "forum_mention",
        _l("Somebody called me by name in the forum"),
        _l("%(by)s mentioned you in “%(subject)s”"),
        "chat",
        MEMBERS,
        MEMBERS,
        MEMBERS,
        headline=_l("You were mentioned in the forum"),
    )
    yield Kind(
        "forum_answer",
        _l("A question of mine is answered, or my reply is the answer"),
        _l("%(by)s marked an answer in “%(subject)s”"),
        "check",
        MEMBERS,
        MEMBERS,
        BUILDER_STAFF,
        headline=_l("Marked as the answer"),
    )
    yield Kind(
        "forum_reply",
        _l("A new reply in a thread that I follow"),
        _l("%(by)s replied in “%(subject)s”"),
        "chat",
        MEMBERS,
        MEMBERS,
        NOBODY,
        headline=_l("A new reply in the forum"),
    )
    yield Kind(
        "forum_thread",
        _l("A new thread in a category that I follow"),
        _l("%(by)s began “%(subject)s”"),
        "chat",
        MEMBERS,
        MEMBERS,
        NOBODY,
        headline=_l("A new thread in the forum"),
    )
    yield Kind(
        "forum_removed",
        _l("Something that I wrote was taken away"),
        _l("What you wrote in “%(subject)s” was taken away: %(reason)s"),
        "trash",
        MEMBERS,
        MEMBERS,
        MEMBERS,
        headline=_l("Taken away from the forum"),
    )
    yield Kind(
        "forum_flag",
        _l("Somebody wants moderators to look"),
        _l("%(by)s asks you to look at “%(subject)s”"),
        "flag",
        STAFF,
        STAFF,
        NOBODY,
        headline=_l("Somebody wants moderators to look"),
    )
    yield Kind(
        "publication_asked",
        _l("Somebody asks whether my ticket may be published"),
        _l("May others read #%(number)s “%(subject)s” in the forum, without what is private?"),
        "eye",
        CUSTOMERS,
        CUSTOMERS,
        CUSTOMERS,
        headline=_l("May others read this?"),
    )
    yield Kind(
        "publication_granted",
        _l("A customer lets others read their ticket"),
        _l("Others may read #%(number)s “%(subject)s”: publish it now"),
        "check",
        STAFF,
        STAFF,
        STAFF,
        headline=_l("You may publish this"),
    )
    yield Kind(
        "publication_refused",
        _l("A customer keeps their ticket private"),
        _l("#%(number)s “%(subject)s” stays private"),
        "refused",
        STAFF,
        STAFF,
        STAFF,
        headline=_l("This stays private"),
    )
    yield Kind(
        "consent_taken_back",
        _l("A customer no longer lets others read their ticket"),
        _l("#%(number)s “%(subject)s” is no longer in the forum: consent was taken back"),
        "undo",
        STAFF,
        STAFF,
        STAFF,
        headline=_l("Consent was taken back"),
    )
    yield Kind(
        "published",
        _l("My ticket was published, as I agreed"),
        _l("#%(number)s “%(subject)s” is in the forum now, as you agreed"),
        "chat",
        CUSTOMERS,
        CUSTOMERS,
        NOBODY,
        headline=_l("It is in the forum now"),
    )
    yield Kind(
        "forum_held",
        _l("Something in the forum waits for moderators"),
        _l("%(by)s wrote something that waits for you: “%(subject)s”"),
        "hold",
        STAFF,
        STAFF,
        NOBODY,
        headline=_l("Waits for moderators"),
    )
    yield Kind(
        "forum_released",
        _l("What I wrote can be read by everybody now"),
        _l("A moderator has looked: everybody can read what you wrote in “%(subject)s”"),
        "check",
        MEMBERS,
        MEMBERS,
        NOBODY,
        headline=_l("Everybody can read it now"),
    )
    yield Kind(
        "forum_flag_upheld",
        _l("What I reported was taken away"),
        _l("Thank you: what you reported in “%(subject)s” was taken away"),
        "flag",
        MEMBERS,
        MEMBERS,
        NOBODY,
        headline=_l("What you reported was taken away"),
    )
    yield Kind(
        "forum_flag_dismissed",
        _l("What I reported stays"),
        _l("Thank you: we looked at what you reported in “%(subject)s”, and it stays"),
        "flag",
        MEMBERS,
        MEMBERS,
        NOBODY,
        headline=_l("What you reported stays"),
    )
    yield Kind(
        "restricted",
        _l("I may not write in the community for a while"),
        _l("You can read the community, but not write in it, until %(due)s. Here is why."),
        "hold",
        BUILDER_STAFF,
        BUILDER_STAFF,
        BUILDER_STAFF,
        always=True,
        headline=_l("About the community"),
    )
    yield Kind(
        "company_restricted",
        _l("Our people may not write in the community for a while"),
        _l(
            "The people of %(name)s can read the community, but not write in it, until %(due)s. "
            "Here is why."
        ),
        "hold",
        IN_CHARGE,
        IN_CHARGE,
        IN_CHARGE,
        always=True,
        headline=_l("About the community"),
    )
    yield Kind(
        "restriction_lifted",
        _l("I may write in the community again"),
        _l("You can write in the community again."),
        "done",
        BUILDER_STAFF,
        BUILDER_STAFF,
        BUILDER_STAFF,
        headline=_l("About the community"),
    )
    yield Kind(
        "appeal_answered",
        _l("We answered my objection"),
        _l("We have looked at your objection once more. Here is our answer."),
        "reply",
        BUILDER_STAFF,
        BUILDER_STAFF,
        BUILDER_STAFF,
        always=True,
        headline=_l("About your objection"),
    )
    yield Kind(
        "restriction_appealed",
        _l("Somebody objects to a restriction"),
        _l("%(name)s asks to look once more at why they may not write in the community"),
        "flag",
        LEADS,
        LEADS,
        NOBODY,
        headline=_l("An objection"),
    )
    for status, label, sentence, icon, headline, mail in (
        (
            "under_review",
            _l("An idea I want is being looked at"),
            _l("We are looking at an idea that you want: %(subject)s"),
            "eye",
            _l("We are looking at it"),
            NOBODY,
        ),
        (
            "planned",
            _l("An idea I want is planned"),
            _l("An idea that you want is planned: %(subject)s"),
            "calendar",
            _l("It is planned"),
            MEMBERS,
        ),
        (
            "in_progress",
            _l("An idea I want is being built"),
            _l("We have begun to build what you want: %(subject)s"),
            "progress",
            _l("We have begun"),
            NOBODY,
        ),
        (
            "shipped",
            _l("An idea I want is there"),
            _l("What you wanted is there: %(subject)s"),
            "done",
            _l("It is there"),
            MEMBERS,
        ),
        (
            "declined",
            _l("An idea I want was declined"),
            _l("An idea that you want was declined: %(subject)s. Why: %(reason)s"),
            "refused",
            _l("An idea was declined"),
            MEMBERS,
        ),
    ):
        told = f"idea_{status}"
        yield Kind(told, label, sentence, icon, MEMBERS, MEMBERS, mail, headline=headline)
    yield Kind(
        "idea_comment",
        _l("Somebody comments on an idea of mine, or after me"),
        _l("%(by)s commented on the idea “%(subject)s”"),
        "chat",
        MEMBERS,
        MEMBERS,
        NOBODY,
        headline=_l("A new comment"),
    )
    yield Kind(
        "release_published",
        _l("What’s new in the product"),
        _l("New: %(subject)s"),
        "star",
        MEMBERS,
        NOBODY,
        NOBODY,
        headline=_l("What’s new"),
    )
    for stage, label, sentence, icon, headline, mail in (
        (
            "planned",
            _l("What I want is on the roadmap"),
            _l("What you want is on the roadmap: %(subject)s"),
            "calendar",
            _l("It is planned"),
            MEMBERS,
        ),
        (
            "in_progress",
            _l("What I want is being built, says the roadmap"),
            _l("We have begun with something that you want: %(subject)s"),
            "progress",
            _l("We have begun"),
            NOBODY,
        ),
        (
            "shipped",
            _l("What I want has shipped, says the roadmap"),
            _l("It has shipped, and you wanted it: %(subject)s"),
            "done",
            _l("It is there"),
            MEMBERS,
        ),
    ):
        told = f"roadmap_{stage}"
        yield Kind(told, label, sentence, icon, MEMBERS, MEMBERS, mail, headline=headline)
    yield Kind(
        "roadmap_stale",
        _l("Nobody has touched the roadmap for a month"),
        _l("Untouched on the roadmap for a month: %(count)s, among them “%(subject)s”"),
        "calendar",
        frozenset({Role.PLATFORM_ADMIN}),
        frozenset({Role.PLATFORM_ADMIN}),
        NOBODY,
        headline=_l("Does the roadmap still hold?"),
    )
    # everybody
    yield Kind(
        "export_ready",
        _l("Data that I asked for is ready"),
        _l("The data of %(name)s is ready. It can be fetched until %(due)s."),
        "download",
        EVERYBODY,
        EVERYBODY,
        EVERYBODY,
        headline=_l("The data is ready"),
    )


KINDS: Mapping[str, Kind] = {kind.key: kind for kind in _kinds()}


def kinds_for(role: Role) -> tuple[Kind, ...]:
    """What a person of the role may be told of, in the order of the preferences page."""
    return tuple(kind for kind in KINDS.values() if role in kind.concerns)
