"""What the audit log says of each act, in the reader's language."""

from collections.abc import Mapping
from typing import Any, Final

from portal.foundation.speech import lazy_gettext as _l

ACTS: Final[Mapping[str, Any]] = {
    "article.changed_many": _l("Changed several articles at once"),
    "article.opened": _l("Changed who may read an article"),
    "article.published": _l("Published an article"),
    "article.restored": _l("Brought back a former version of an article"),
    "article.undone_many": _l("Undid a change of several articles"),
    "article.unpublished": _l("Took an article away from readers"),
    "audit.exported": _l("Exported the audit log"),
    "brand.changed": _l("Changed the look of the portal"),
    "brand.restored": _l("Went back to a former look of the portal"),
    "category.added": _l("Added a category of the help centre"),
    "category.removed": _l("Removed a category of the help centre"),
    "category.saved": _l("Changed a category of the help centre"),
    "desk.saved": _l("Changed the rules of the desk"),
    "domain.chosen": _l("Chose the main address of the portal"),
    "domain.claimed": _l("Added a domain"),
    "domain.lapsed": _l("A domain is no longer shown to be yours"),
    "domain.removed": _l("Removed a domain"),
    "domain.verified": _l("Verified a domain"),
    "email_domain.confirmed": _l("Confirmed an e-mail domain"),
    "email_domain.withdrawn": _l("Withdrew an e-mail domain"),
    "erasure.asked": _l("Asked to be erased"),
    "erasure.refused": _l("Refused to erase a person"),
    "erasure.begun": _l("Began to erase a person"),
    "erasure.done": _l("Finished erasing a person"),
    "escalation.sent": _l("Passed a ticket up to the platform"),
    "escalation.recalled": _l("Called a ticket back from the platform"),
    "escalation.refused": _l("Refused a ticket that was passed up"),
    "export.asked": _l("Asked for a person’s data"),
    "invitation.revoked": _l("Took back an invitation"),
    "invitation.sent_again": _l("Sent an invitation again"),
    "orientation.added": _l("Wrote first steps in a module"),
    "orientation.removed": _l("Removed the first steps in a module"),
    "orientation.saved": _l("Changed the first steps in a module"),
    "orientation.shown_again": _l("Let everybody see first steps again"),
    "person.invited": _l("Invited a person"),
    "person.joined": _l("Joined"),
    "person.removed": _l("Removed a person"),
    "pictures.removed": _l("Removed pictures that no article shows"),
    "retention.saved": _l("Changed how long things are kept"),
    "retention.run": _l("Removed what is no longer kept"),
    "role.changed": _l("Changed a person’s role"),
    "screen.added": _l("Added a screen"),
    "screen.moved": _l("Moved a screen in the order"),
    "screen.removed": _l("Removed a screen"),
    "screen.saved": _l("Changed a screen"),
    "second_factor.reset": _l("Switched off somebody’s second step of signing in"),
    "sender.claimed": _l("Added a sender of e-mail"),
    "sender.lapsed": _l("A sender of e-mail is no longer shown to be yours"),
    "sender.removed": _l("Removed a sender of e-mail"),
    "sender.verified": _l("Verified a sender of e-mail"),
    "sso.created": _l("Set up single sign-on"),
    "sso.disabled": _l("Switched single sign-on off"),
    "sso.enabled": _l("Switched single sign-on on"),
    "sso.joined": _l("Joined through single sign-on"),
    "sso.linked": _l("Linked an account with single sign-on"),
    "sso.removed": _l("Removed single sign-on"),
    "sso.saved": _l("Changed single sign-on"),
    "synonyms.added": _l("Added words that mean the same"),
    "synonyms.removed": _l("Removed words that mean the same"),
    "synonyms.saved": _l("Changed words that mean the same"),
    "term.added": _l("Explained a word"),
    "term.removed": _l("Removed the explanation of a word"),
    "term.saved": _l("Changed the explanation of a word"),
    "thread.locked": _l("Locked a thread of the forum"),
    "thread.merged": _l("Joined a thread of the forum to another"),
    "thread.moved": _l("Moved a thread of the forum to another category"),
    "thread.pinned": _l("Pinned a thread of the forum"),
    "thread.removed": _l("Took away something from the forum"),
    "thread.restored": _l("Brought something back to the forum"),
    "thread.split": _l("Made a thread of the forum out of replies"),
    "thread.unlocked": _l("Opened a thread of the forum again"),
    "thread.unpinned": _l("Unpinned a thread of the forum"),
    "video.added": _l("Added a video"),
    "video.removed": _l("Removed a video"),
    "video.saved": _l("Changed a video"),
    "widget.joined": _l("Came in through the help widget for the first time"),
    "widget.role_changed": _l("Got another role from the company’s own server"),
    "widget.saved": _l("Changed where the help widget may stand"),
    "widget_key.created": _l("Made a widget key"),
    "widget_key.revoked": _l("Revoked a widget key"),
    "widget_key.rotated": _l("Rotated a widget key"),
}

FACTS: Final[Mapping[str, Any]] = {
    "address": _l("address"),
    "after": _l("after"),
    "audit": _l("log entries"),
    "audit_years": _l("years that the log is kept"),
    "before": _l("before"),
    "count": _l("number"),
    "entries": _l("entries"),
    "files": _l("files"),
    "files_months": _l("months that files are kept"),
    "into": _l("into"),
    "language": _l("language"),
    "now": _l("now"),
    "only_about": _l("only about"),
    "only_act": _l("only"),
    "only_builder": _l("only the customer"),
    "only_since": _l("only from"),
    "only_until": _l("only until"),
    "only_who": _l("only by"),
    "reason": _l("reason"),
    "role": _l("role"),
    "restored": _l("brought back"),
    "tickets": _l("tickets"),
    "tickets_fate": _l("what becomes of tickets"),
    "tickets_months": _l("months that closed tickets are kept"),
    "version": _l("version"),
    "was": _l("before"),
    "why": _l("reason"),
}


def worded(act: str) -> str:
    """An act that nobody has put into words shows its key."""
    return str(ACTS.get(act, act))


def details(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Plain facts with their names; what has parts is for the export."""
    return [
        (str(FACTS.get(name, name.replace("_", " "))), str(value))
        for name, value in sorted(facts.items())
        if isinstance(value, str | int) and value != ""
    ]
