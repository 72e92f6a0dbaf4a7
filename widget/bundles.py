"""The scripts of the widget, as they are sent: put together from plain files when the application
starts, packed once.

The loader stands on pages of others and is asked for at an address without a digest, so that no
host page needs a change. What the panel needs comes as one file: htmx, our script, and in it the
stylesheet and the icons, so that a frame asks three times until it can be read.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from portal.foundation.web.assets import LAYERS, VENDORED, Bundle

HERE: Final = Path(__file__).resolve().parent / "src"
STATIC: Final = HERE.parent.parent / "static"
HTMX: Final = VENDORED[0]
COMPONENTS: Final = (
    *("alert", "attachment", "avatar", "badge", "button", "clock", "conversation"),
    *("empty", "error", "form", "icon", "panel"),
)
SHARED: Final = ("files.js",)  # which the panel has in common with our pages
ICONS: Final = (
    *("alert", "info", "check", "check-all", "done", "close", "refused", "open", "progress"),
    *("waiting", "closed", "snoozed", "merged", "clock", "burn", "hold", "lock", "paperclip"),
    *("file", "image", "upload", "trash", "send", "mail", "search", "older", "newer", "down"),
    *("right", "more", "external", "undo", "book", "life", "ticket", "monitor", "offline"),
    *("save", "list", "bulb", "eye", "edit", "globe", "user", "download", "mail-failed"),
)
FEATURES: Final = ("article",)  # looks of what is shown inside, where there is a file for it


@dataclass(frozen=True, slots=True)
class Bundles:
    """`panel` is the frame's, the others stand on host pages."""

    loader: Bundle
    tips: Bundle
    panel: Bundle
    declarations: Bundle


@cache
def bundles() -> Bundles:
    tips = _script(_read("tips.js"))
    return Bundles(
        loader=_script(_read("corbel.js").replace("/*digest of tips*/", tips.digest)),
        tips=tips,
        panel=_script(_panel()),
        declarations=Bundle(_read("corbel.d.ts").encode(), "d.ts", "text/plain"),
    )


def _panel() -> str:
    looks = f"const LOOKS = {json.dumps(_looks(), ensure_ascii=False)};"
    icons = f"const ICONS = {json.dumps(_icons())};"
    own = _read("panel.js").replace("/* looks and icons */", f"{looks}\n{icons}")
    shared = [(STATIC / "js" / name).read_text("utf-8") for name in SHARED]
    htmx = (STATIC / "vendor" / HTMX).read_text("utf-8")
    return "\n;\n".join([htmx, *shared, own])


def _looks() -> str:
    css = STATIC / "css"
    parts = {name: (css / f"{name}.css") for name in ("reset", "tokens", "base", "utilities")}
    texts = {name: path.read_text("utf-8") for name, path in parts.items()}
    components = (css / "components" / f"{name}.css" for name in COMPONENTS)
    texts["components"] = "\n".join(path.read_text("utf-8") for path in components)
    features = (css / "features" / f"{name}.css" for name in FEATURES)
    inside = [path.read_text("utf-8") for path in features if path.exists()]
    texts["features"] = "\n".join([*inside, _read("panel.css")])
    layers = [f"@layer {name} {{\n{_squeezed(text)}\n}}" for name, text in texts.items()]
    return "\n".join([f"@layer {', '.join(LAYERS)};", *layers])


def _squeezed(css: str) -> str:
    """Without comments and indents."""
    return re.sub(r"\n\s*", "\n", re.sub(r"/\*.*?\*/", "", css, flags=re.S)).strip()


def _icons() -> str:
    sprite = (STATIC / "icons.svg").read_text("utf-8")
    symbols = {
        name: body for body, name in re.findall(r'(<symbol id="([\w-]+)".*?</symbol>)', sprite)
    }
    wanted = "".join(symbols[name].replace('id="', 'id="i-', 1) for name in ICONS)
    return f'<svg xmlns="http://www.w3.org/2000/svg">{wanted}</svg>'


def _script(text: str) -> Bundle:
    return Bundle(text.encode(), "js", "text/javascript")


def _read(name: str) -> str:
    return (HERE / name).read_text("utf-8")
