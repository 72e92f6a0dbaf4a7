"""Letters in the language and zone of whoever reads them, from templates/mail/<name>.{txt,html}.

A letter is written once, when it is queued: a repeated send carries the same words and the same
Message-ID.
"""

import hashlib
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from flask import current_app
from flask_babel import force_locale

from portal.branding.letterheads import MailIdentity
from portal.config import PLATFORM_NAME
from portal.foundation.mail import Letter, message_id
from portal.foundation.runtime import current_runtime
from portal.notifications.addresses import absolute
from portal.notifications.letterheads import of_platform
from portal.policy.wording import PATTERNS, locale_of


@dataclass(frozen=True, slots=True)
class Reader:
    """Who gets a letter. `has_account` false: a guest, whose address nobody has verified."""

    address: str
    name: str = ""
    locale: str = "en"
    zone: str = "UTC"
    has_account: bool = True

    def when(self, at: datetime) -> str:
        """ "Tue 24 Nov, 10:30", in the reader's zone."""
        locale = locale_of(self.locale)
        pattern = PATTERNS.get(locale.language, PATTERNS["en"])
        return str(format_datetime(at.astimezone(ZoneInfo(self.zone)), pattern, locale=locale))


@dataclass(frozen=True, slots=True)
class Thread:
    """The ticket that letters are about: all of them answer its first one."""

    number: int
    id: UUID
    subject: str

    def first_id(self, domain: str) -> str:
        return message_id("ticket", self.id, domain)


@dataclass(frozen=True, slots=True)
class Draft:
    """What one letter says. `path` is where its button leads; `key` names it for ever.

    `key` None: this is the letter that begins the thread. `headline` is a lazy text before the
    thread's subject; it and `values` are worded in the reader's language.
    """

    template: str
    at: datetime
    path: str
    key: tuple[str, object] | None
    thread: Thread | None = None
    headline: Any = ""
    automatic: Literal["auto-generated", "auto-replied"] | None = "auto-generated"
    unsubscribe: str = ""  # a path that takes a POST of nobody in particular
    values: Callable[[Reader], Mapping[str, Any]] = field(default=lambda _: {})


def write(draft: Draft, reader: Reader, identity: MailIdentity | None = None) -> Letter:
    """In the platform's name, or in that of the builder whose `identity` it is. Works in a request
    and in a worker alike; nothing of the running request shows through."""
    own = identity or of_platform(current_runtime().settings)
    with force_locale(str(locale_of(reader.locale))):
        values = {
            "locale": reader.locale,
            "reader": reader,
            "when": reader.when,
            "thread": draft.thread,
            "link": absolute(draft.path, own.root),
            "settings_link": absolute("/account/notifications", own.root)
            if reader.has_account
            else "",
            "site_name": identity.name if identity else PLATFORM_NAME,
            "look": own,
            **draft.values(reader),
        }
        text, html = (
            _rendered(f"mail/{draft.template}.{kind}", values) for kind in ("txt", "html")
        )
        subject = _subject(draft)
    return Letter(
        to=reader.address,
        to_name=one_line(reader.name),
        sender=own.sender,
        sender_name=one_line(own.name),
        reply_to=own.reply_to,
        subject=one_line(subject),
        text=text.strip() + "\n",
        html=html,
        written_at=draft.at,
        automatic=draft.automatic,
        language=str(locale_of(reader.locale)).replace("_", "-"),
        unsubscribe=absolute(draft.unsubscribe, own.root) if draft.unsubscribe else None,
        **_marks(draft, own),
    )


def _marks(draft: Draft, own: MailIdentity) -> dict[str, Any]:
    """The headers by which programs know a letter: those of a builder name no platform."""
    thread = draft.thread
    first = thread.first_id(own.domain) if thread else None
    key = message_id(*draft.key, own.domain) if draft.key else first
    if key is None:
        raise ValueError("a letter outside a thread needs a key")
    name = "X-Ticket" if own.slug else "X-Corbel-Ticket"
    return {
        "message_id": key,
        "in_reply_to": first if key != first else None,
        "list_id": ".".join(filter(None, (own.slug, "support", own.domain))),
        "headers": {name: str(thread.number)} if thread else {},
    }


def _rendered(template: str, values: Mapping[str, Any]) -> str:
    """Without what pages get put in: who is signed in, where they are."""
    return current_app.jinja_env.get_template(template).render(values)


def _subject(draft: Draft) -> str:
    thread = draft.thread
    words = ": ".join(filter(None, (str(draft.headline), thread.subject if thread else "")))
    return f"[#{thread.number}] {words}" if thread else words


def mark_of(address: str) -> str:
    """Tells the copies of one letter apart without naming their readers to each other."""
    return hashlib.sha256(address.lower().encode()).hexdigest()[:12]


def one_line(text: str) -> str:
    """What people typed, fit for a header: control characters and line breaks become spaces."""
    kept = (" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in text)
    return " ".join("".join(kept).split())
