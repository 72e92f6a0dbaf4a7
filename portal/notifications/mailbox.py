"""A letter as the mailbox page shows it: its headers, its text, and a picture of its HTML."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from portal.foundation.deliveries import Delivery
from portal.foundation.mail import InvalidLetter, Letter, build
from portal.notifications.mailing import PRIVATE, SECRET, letter_of

LEFT_OUT = "…"
_ADDRESS = re.compile(r'(<img [^>]*?)src="(https?://[^"]*)"')
_STYLE = re.compile(r' style="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Shown:
    letter: Letter
    headers: str
    html: str  # a whole document for a sandboxed frame


def is_withheld(delivery: Delivery, reader: str, *, demo: bool) -> bool:
    """Staff know the platform's desk alone: of letters of a builder's own they see that these went
    out, and no word of them, but in a demo."""
    return PRIVATE in delivery.payload and delivery.recipient != reader and not demo


def show(payload: Mapping[str, Any], nonce: str, here: str, *, demo: bool = False) -> Shown:
    """What only its reader may know is left out, but in a demo. `here` is our address."""
    letter = letter_of(payload, (demo and payload.get(SECRET)) or LEFT_OUT)
    return Shown(letter, _headers(letter), picture(letter.html or "", nonce, here))


def _headers(letter: Letter) -> str:
    try:
        message = build(letter)
    except InvalidLetter as error:
        return str(error)
    return message.as_string().partition("\n\n")[0]


def picture(html: str, nonce: str, here: str) -> str:
    """The letter in a frame that keeps our content policy: style attributes, which it forbids,
    become classes of a style sheet with the page's nonce, the logo of another host is its name, and
    links open outside the frame."""
    classes: dict[str, str] = {}

    def as_class(found: re.Match[str]) -> str:
        name = classes.setdefault(found[1], f"s{len(classes)}")
        return f' data-s="{name}"'

    def unless_elsewhere(found: re.Match[str]) -> str:
        return found[0] if found[2].startswith(here) else found[1]

    body = _ADDRESS.sub(unless_elsewhere, _STYLE.sub(as_class, html))
    rules = "".join(f'[data-s="{name}"]{{{_css(style)}}}' for style, name in classes.items())
    nonce = escape(nonce, quote=True)
    body = body.replace("<style>", f'<style nonce="{nonce}">{rules}', 1)
    return body.replace("<a ", '<a target="_blank" rel="noopener noreferrer" ')


def _css(style: str) -> str:
    return style.replace("&#39;", "'").replace("&quot;", '"').replace("<", "")
