"""XML for feed readers and search engines: built, never pasted together."""

import re
from datetime import datetime
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from flask import request
from werkzeug.wrappers import Response

ATOM: Final = "http://www.w3.org/2005/Atom"
SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML: Final = "http://www.w3.org/1999/xhtml"
FRESH: Final = "public, max-age=600"
_UNSPEAKABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

ElementTree.register_namespace("xhtml", XHTML)


def root(name: str, namespace: str) -> Element:
    return Element(name, {"xmlns": namespace})


def add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    """Without the characters that XML has no way to say."""
    made = SubElement(parent, name, attributes)
    made.text = _UNSPEAKABLE.sub("", text) or None
    return made


def answer(made: Element, mimetype: str, changed: datetime | None = None) -> Response:
    """304 where nothing has changed since it was asked for last."""
    body = ElementTree.tostring(made, encoding="utf-8", xml_declaration=True)
    response = Response(body, content_type=f"{mimetype}; charset=utf-8")
    response.headers["Cache-Control"] = FRESH
    response.add_etag()
    response.last_modified = changed
    return response.make_conditional(request.environ)
