"""The scripts of the widget, as they are sent: put together from plain files when the application
starts, made smaller and packed once.

The loader stands on pages of others and is asked for at an address without a digest, so that no
host page needs a change. What a panel shows first comes as one file: htmx, our script, and in it
the stylesheet and the icons, so that a frame asks three times until it can be read. What is needed
once something is opened comes apart, and so does the board for drawing; each brings what it shows.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from rjsmin import jsmin

from portal.foundation.web.assets import LAYERS, VENDORED, Bundle

HERE: Final = Path(__file__).resolve().parent / "src"
STATIC: Final = HERE.parent.parent / "static"
HTMX: Final = VENDORED[0]
FIRST: Final = ("alert", "button", "form", "icon", "panel")  # components of what is shown first
LATER: Final = (
    *("attachment", "avatar", "badge", "clock", "conversation", "dialog", "empty", "error"),
)
SHARED: Final = ("files.js", "help/tabs.js")  # which the panel has in common with our pages
FIRST_ICONS: Final = (
    *("alert", "info", "check", "close", "mail", "search", "newer", "down", "life", "ticket"),
    *("external", "monitor", "lock", "play"),
)
LATER_ICONS: Final = (
    *("check-all", "done", "refused", "open", "progress", "waiting", "closed", "snoozed"),
    *("merged", "clock", "burn", "hold", "paperclip", "file", "image", "upload", "send", "older"),
    *("right", "more", "book", "offline", "save", "list", "bulb", "eye", "edit", "globe", "user"),
    *("download", "mail-failed", "undo"),
)
BOARD_ICONS: Final = ("trash",)
ICONS: Final = (*FIRST_ICONS, *LATER_ICONS, *BOARD_ICONS)


@dataclass(frozen=True, slots=True)
class Bundles:
    """`panel`, `rest` and `board` are the frame's, the others stand on host pages."""

    loader: Bundle
    tips: Bundle
    panel: Bundle
    rest: Bundle
    board: Bundle
    declarations: Bundle


@cache
def bundles() -> Bundles:
    tips = _script(_read("tips.js"))
    return Bundles(
        loader=_script(_read("corbel.js").replace("/*digest of tips*/", tips.digest)),
        tips=tips,
        panel=_script(_panel()),
        rest=_script(_rest()),
        board=_script(_board()),
        declarations=Bundle(_read("corbel.d.ts").encode(), "d.ts", "text/plain"),
    )


def _panel() -> str:
    layers = {name: [f"{name}.css"] for name in ("reset", "tokens", "base", "utilities")}
    layers["components"] = [f"components/{name}.css" for name in FIRST]
    looks = _looks(layers, _read("panel.css"))
    return _joined([f"vendor/{HTMX}"], _read("panel.js"), _dress(looks, FIRST_ICONS))


def _rest() -> str:
    layers = {"components": [f"components/{name}.css" for name in LATER]}
    layers["features"] = ["features/article.css"]
    looks = _looks(layers, _read("rest.css"))
    shared = [f"js/{name}" for name in SHARED]
    looks += "\n" + _apart("videos")
    return _joined(shared, _dress(looks, LATER_ICONS), _read("rest.js"))


def _board() -> str:
    return _joined(["js/annotate.js"], _dress(_apart("board"), BOARD_ICONS))


def _apart(name: str) -> str:
    """Such a file says its layer itself."""
    return _squeezed((STATIC / "css" / "apart" / f"{name}.css").read_text("utf-8"))


def _joined(files: Iterable[str], *texts: str) -> str:
    return "\n;\n".join([*((STATIC / name).read_text("utf-8") for name in files), *texts])


def _dress(looks: str, icons: Iterable[str]) -> str:
    said = json.dumps(looks, ensure_ascii=False)
    return f"CorbelPanel.dress({said}, {json.dumps(_sprite(icons))});"


def _looks(layers: Mapping[str, Sequence[str]], own: str) -> str:
    """Files by the layer they lie in; `own` is the panel's, the last of its features."""
    css = STATIC / "css"
    texts = {
        layer: "\n".join((css / file).read_text("utf-8") for file in files)
        for layer, files in layers.items()
    }
    texts["features"] = f"{texts.get('features', '')}\n{own}"
    parts = [f"@layer {layer} {{\n{_squeezed(text)}\n}}" for layer, text in texts.items()]
    return "\n".join([f"@layer {', '.join(LAYERS)};", *parts])


def _squeezed(css: str) -> str:
    """Without comments and indents."""
    return re.sub(r"\n\s*", "\n", re.sub(r"/\*.*?\*/", "", css, flags=re.S)).strip()


def _sprite(names: Iterable[str]) -> str:
    sprite = (STATIC / "icons.svg").read_text("utf-8")
    symbols = {
        name: body for body, name in re.findall(r'(<symbol id="([\w-]+)".*?</symbol>)', sprite)
    }
    wanted = "".join(symbols[name].replace('id="', 'id="i-', 1) for name in names)
    return f'<svg xmlns="http://www.w3.org/2000/svg">{wanted}</svg>'


def _script(text: str) -> Bundle:
    return Bundle(jsmin(text).encode(), "js", "text/javascript")


def _read(name: str) -> str:
    return (HERE / name).read_text("utf-8")
