"""Letters that leave by mail, built with the headers that thread them and keep robots quiet.

RFC 5322 (Message-ID, threads), RFC 3834 (Auto-Submitted), RFC 2919 (List-Id), RFC 2369 and
8058 (List-Unsubscribe).
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP as MAIL_POLICY
from typing import Any, Literal, Self

MOST_REFERENCES = 20  # of a thread; the first and the latest are kept
LONGEST_SUBJECT = 400


class InvalidLetter(ValueError):
    """The letter can never be sent as it is; the text says which field and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """`to` and the other addresses are bare; names have fields of their own.

    `automatic` is the Auto-Submitted word, None for what a person wrote. `unsubscribe` is an
    https address that takes a one-click POST. `bounces_to` is the envelope sender.
    """

    to: str
    to_name: str = ""
    sender: str
    sender_name: str = ""
    reply_to: str | None = None
    bounces_to: str | None = None
    subject: str
    text: str
    html: str | None = None
    written_at: datetime
    message_id: str
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    automatic: Literal["auto-generated", "auto-replied"] | None = "auto-generated"
    list_id: str | None = None
    unsubscribe: str | None = None
    language: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def envelope_sender(self) -> str:
        return self.bounces_to or self.sender

    def payload(self) -> dict[str, Any]:
        """All of it in what JSON can hold."""
        return asdict(self) | {
            "written_at": self.written_at.isoformat(),
            "references": list(self.references),
            "headers": dict(self.headers),
        }

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> Self:
        written_at = datetime.fromisoformat(payload["written_at"])
        references = tuple(payload.get("references", ()))
        return cls(**dict(payload) | {"written_at": written_at, "references": references})


def message_id(kind: str, id: object, domain: str) -> str:
    """The same for the same thing at every try, so that a repeated letter is recognised."""
    return f"<{kind}.{id}@{domain}>"


class _Verbatim(UnstructuredHeader, BaseHeader):
    """A header of words that must never be encoded or broken: message ids, addresses of pages."""

    def fold(self, *, policy: Any) -> str:
        end: str = policy.linesep
        return f"{self.name}: " + f"{end} ".join(str(self).split()) + end


def _policy() -> Any:
    registry = HeaderRegistry()
    for name in ("message-id", "in-reply-to", "references", "list-unsubscribe", "list-id"):
        registry.map_to_type(name, _Verbatim)
    return MAIL_POLICY.clone(header_factory=registry)


_POLICY = _policy()


def build(letter: Letter) -> EmailMessage:
    """Raises InvalidLetter for control characters in a header and for impossible addresses."""
    message = EmailMessage(policy=_POLICY)
    for name, value in _headers(letter).items():
        message[name] = value
    message.set_content(_body(letter.text), charset="utf-8", cte="quoted-printable")
    if letter.html is not None:
        message.add_alternative(
            _body(letter.html), subtype="html", charset="utf-8", cte="quoted-printable"
        )
    if letter.language:  # last, because setting the content removes Content-… headers
        message["Content-Language"] = _plain_ascii("language", letter.language)
    return message


def _headers(letter: Letter) -> dict[str, Any]:
    if letter.written_at.tzinfo is None:
        raise InvalidLetter("written_at: has no time zone")
    headers: dict[str, Any] = {
        "From": _address("sender", letter.sender, letter.sender_name),
        "To": _address("to", letter.to, letter.to_name),
        "Subject": _words("subject", letter.subject).strip()[:LONGEST_SUBJECT],
        "Date": letter.written_at,
        "Message-ID": _ids("message_id", letter.message_id),
    }
    if letter.reply_to:
        headers["Reply-To"] = _address("reply_to", letter.reply_to)
    return headers | _thread(letter) | _robots(letter) | _extras(letter)


def _thread(letter: Letter) -> dict[str, str]:
    earlier = [*letter.references, *([letter.in_reply_to] if letter.in_reply_to else [])]
    chain = list(dict.fromkeys(earlier))
    if len(chain) > MOST_REFERENCES:
        chain = [chain[0], *chain[-MOST_REFERENCES + 1 :]]
    headers = {}
    if letter.in_reply_to:
        headers["In-Reply-To"] = _ids("in_reply_to", letter.in_reply_to)
    if chain:
        headers["References"] = _ids("references", *chain)
    return headers


def _robots(letter: Letter) -> dict[str, str]:
    headers = {"X-Auto-Response-Suppress": "All"}
    if letter.automatic:
        headers["Auto-Submitted"] = letter.automatic
    if letter.list_id:
        headers["List-Id"] = _plain_ascii("list_id", f"<{letter.list_id}>")
    if letter.unsubscribe:
        headers["List-Unsubscribe"] = _plain_ascii("unsubscribe", f"<{letter.unsubscribe}>")
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _extras(letter: Letter) -> dict[str, str]:
    for name in letter.headers:
        if not re.fullmatch(r"X-[A-Za-z0-9-]{1,60}", name):
            raise InvalidLetter(f"header name {name!r}: own headers start with X-")
    return {name: _words(name, value) for name, value in letter.headers.items()}


_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")


def _words(name: str, text: str) -> str:
    if _CONTROLS.search(text):
        raise InvalidLetter(f"{name}: has a line break or control character")
    # "=?" starts an encoded word, which could hide a line break from the check above.
    return _valid_unicode(text).replace("=?", "= ?")


def _plain_ascii(name: str, text: str) -> str:
    if _CONTROLS.search(text) or " " in text or not text.isascii():
        raise InvalidLetter(f"{name}: {text!r} is not plain ASCII without spaces")
    return text


def _ids(name: str, *ids: str) -> str:
    for each in ids:
        if not re.fullmatch(r"<[^<>\s]{1,990}>", each):
            raise InvalidLetter(f"{name}: {each!r} is not a message id in angle brackets")
    return " ".join(_plain_ascii(name, each) for each in ids)


_PART = r"[^\s<>()\[\],;:\\\"@.]+"
_ADDR_SPEC = re.compile(rf"({_PART}(?:\.{_PART})*)@({_PART}(?:\.{_PART})*)")


def _address(name: str, address: str, display: str = "") -> Address:
    display = _words(f"{name}_name", display)
    match = _ADDR_SPEC.fullmatch(_words(name, address))
    try:
        if not match or len(match[1]) > 64:
            raise ValueError
        domain = match[2].encode("idna").decode("ascii")
        return Address(display, match[1], domain)
    except ValueError as error:
        raise InvalidLetter(f"{name}: {address!r} is not a mail address") from error


def _body(text: str) -> str:
    return _valid_unicode(text.replace("\x00", ""))


def _valid_unicode(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
