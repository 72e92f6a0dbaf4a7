"""Components of documentation sites, as the articles' dialect.

Each known component has a function that gives its Markdown; of an unknown one the words inside it
stay, or what its attributes say, and the report tells.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from portal.kb.importing.code import Aside, level
from portal.kb.importing.jsx import COMMENT, EXPRESSION, Element, read, text_of

Say = Callable[[str, str], None]
"""Told of a problem: what it is, and as it was written."""

_IMPORT = re.compile(
    r"^import[ \t]+(?:(?P<names>[^'\";\n]{1,300}(?:\n[^'\";\n]{1,300}){0,20}?)\sfrom[ \t]+)?"
    r"['\"](?P<path>[^'\"\n]{1,300})['\"][ \t]*;?[ \t]*$",
    re.MULTILINE,
)
_EXPORT = re.compile(
    r"^export[ \t]+(?:const|default|function|let|var|async)\b(?:.*\S.*\n?)+", re.MULTILINE
)
_STRINGS = re.compile(r"""['"](?P<text>[^'"\n]{1,300})['"]""")
_LABELLED = re.compile(
    r"""label:\s{0,9}['"](?P<label>[^'"\n]{1,120})['"][^{}]{0,99}?value:\s{0,9}['"](?P<value>[^'"\n]{1,120})['"]"""
    r"""|value:\s{0,9}['"](?P<value2>[^'"\n]{1,120})['"][^{}]{0,99}?label:\s{0,9}['"](?P<label2>[^'"\n]{1,120})['"]"""
)
_FENCE = re.compile(r"^[ \t>]*(:{3,})", re.MULTILINE)
_PICTURES = {"Image", "Picture", "Img", "ThemedImage", "Zoom", "ImageZoom", "Screenshot", "img"}
_GIVEN_ID = re.compile(r"(?:/\*\s*)?#(?P<id>[\w-]{1,120})(?:\s*\*/)?")
"""Of a heading, which Docusaurus takes in a comment, too."""
_TRANSPARENT = {
    *(
        "CardGrid",
        "FileTree",
        "Fragment",
        "React.Fragment",
        "LinkCards",
        "Grid",
        "Columns",
        "Column",
    ),
    *("div", "section", "article", "center", "span", "main", "header", "p", "font", "BrowserOnly"),
}
_SILENT = {"Icon", "DocCardList", "Head", "head", "script", "style", "TOCInline", "svg", "br"}
_TELLING = ("title", "label", "text", "name", "alt", "description", "children")


@dataclass(slots=True)
class Imports:
    """Names that a text imports from files, and whole texts that stand for a component."""

    paths: dict[str, str] = field(default_factory=dict)
    partials: dict[str, str] = field(default_factory=dict)


def imports_of(text: str) -> dict[str, str]:
    paths: dict[str, str] = {}
    for found in _IMPORT.finditer(Aside(text).text):
        for name in re.findall(r"[A-Za-z_$][\w$]*", (found["names"] or "").replace(" as ", " ")):
            paths[name] = found["path"]
    return paths


def as_dialect(source: str, say: Say, imports: Imports, *, expressions: bool) -> str:
    """`expressions`: braces are a program's, as in every file of Docusaurus."""
    aside = Aside(source)
    text = _EXPORT.sub("\n", _IMPORT.sub("", aside.text)) if expressions else aside.text
    made = _Maker(say, imports, aside).inside(read(text, expressions=expressions))
    return aside.back(made)


class _Maker:
    def __init__(self, say: Say, imports: Imports, aside: Aside) -> None:
        self._say = say
        self._imports = imports
        self._code_aside = aside
        self._around: list[Element] = []

    def inside(self, element: Element) -> str:
        self._around.append(element)
        made = "".join(
            child if isinstance(child, str) else self._made(child) for child in element.children
        )
        self._around.pop()
        return made

    def _made(self, element: Element) -> str:
        if element.name == COMMENT:
            return ""
        if element.name == EXPRESSION:
            return self._expression(element)
        if not element.is_closed and element.name[0].isupper():
            self._say("unclosed_component", element.name)
        if method := _METHODS.get(element.name):
            return method(self, element)
        if element.name in _PICTURES:
            return self._picture(element)
        if element.name in _SILENT:
            return "<br>" if element.name == "br" else ""
        if element.name in _TRANSPARENT:
            return self._body(element)
        return self._other(element)

    # what is unknown

    def _other(self, element: Element) -> str:
        name = element.name
        if (partial := self._imports.partials.get(name)) is not None:
            return self._block(element, partial)
        if name[0].islower() and "." not in name:
            return self._html(element)
        if name not in self._imports.paths and not element.children and not element.is_closed:
            return f"\\<{name}>"  # `Array<T>` that nobody marked as code
        slots = [child for child in element.children if _is_slot(child)]
        if len(slots) > 1:
            return self._slots(element)
        if "youtube" in name.lower() and (
            film := element.get("id", "videoId", "videoid", "videoID")
        ):
            return f"[YouTube](https://www.youtube.com/watch?v={film})"
        self._say("unknown_component", name)
        if element.children:
            return self._body(element)
        return next((text for one in _TELLING if (text := element.get(one))), "")

    def _html(self, element: Element) -> str:
        """For the renderer, which knows what is harmless; attributes of JSX are none of HTML."""
        kept = "".join(
            f' {name}="{text_of(value).replace(chr(34), "&quot;")}"'
            for name, value in element.values.items()
            if name.islower() and not name.startswith("on") and name not in ("class", "style", "id")
        )
        if not element.is_closed or not element.children:
            return f"<{element.name}{kept}>" + (
                "" if not element.is_closed else self._ended(element)
            )
        return f"<{element.name}{kept}>{self.inside(element)}</{element.name}>"

    def _ended(self, element: Element) -> str:
        return "" if element.name in ("br", "hr", "wbr", "img", "input") else f"</{element.name}>"

    def _expression(self, element: Element) -> str:
        raw = self._code_aside.back(element.raw).strip()
        if given := _GIVEN_ID.fullmatch(raw):
            return f"{{#{given['id']}}}"
        if not raw or (raw.startswith("/*") and raw.endswith("*/")):
            return ""
        if raw in ("' '", '" '):
            return " "
        if text := text_of(f"{{{raw}}}"):
            return text
        self._say("expression", raw)
        return "" if "\n" in raw or "=>" in raw else f"`{raw}`"

    # shapes

    def _body(self, element: Element) -> str:
        """Its words: as a block of their own where the tag begins a line, else in the line."""
        inner = self.inside(element)
        if element.indent is not None and "\n" in inner:
            return self._placed(element, level(inner))
        return inner.strip() if "\n" in inner.strip("\n") else inner

    def _block(self, element: Element, text: str) -> str:
        return self._placed(element, level(text)) if text.strip() else ""

    def _placed(self, element: Element, text: str) -> str:
        """With empty lines around, as far to the right as its tag stood in what is around it."""
        indent = element.indent
        if indent is None:
            return f"\n\n{text}\n\n"
        return f"\n\n{indent}" + text.replace("\n", f"\n{indent}") + "\n\n"

    def _container(self, element: Element, name: str, title: str, inner: str) -> str:
        inner = level(inner)
        colons = ":" * max([3, *(len(found) + 1 for found in _FENCE.findall(inner))])
        head = f"{colons}{name}" + (f"[{title}]" if title else "")
        return self._placed(element, f"{head}\n\n{inner}\n\n{colons}")

    # components

    def _tabs(self, element: Element) -> str:
        labels = _labels(element.values.get("values", ""))
        parts = []
        for child in element.children:
            if isinstance(child, Element) and child.name in ("TabItem", "Tab"):
                value = child.get("value")
                label = child.get("label", "title") or labels.get(value) or value or "–"
                parts.append(f"::tab[{label}]\n\n{level(self.inside(child))}\n")
        if not parts:
            return self._body(element)
        return self._container(element, "tabs", "", "\n".join(parts))

    def _slots(self, element: Element) -> str:
        """What stands in no slot comes first."""
        before, parts = "", []
        for child in element.children:
            if isinstance(child, str):
                before += child
            elif _is_slot(child):
                parts.append(f"::tab[{child.get('slot')}]\n\n{level(self.inside(child))}\n")
            else:
                before += self._made(child)
        return self._block(element, before) + self._container(element, "tabs", "", "\n".join(parts))

    def _steps(self, element: Element) -> str:
        return self._container(element, "steps", "", self.inside(element))

    def _aside(self, element: Element) -> str:
        kind = element.get("type") or ("note" if element.name in ("Aside", "Admonition") else "")
        kind = kind or element.name.lower()
        return self._container(element, kind, element.get("title"), self.inside(element))

    def _details(self, element: Element) -> str:
        summary, rest = element.get("summary", "title"), ""
        for child in element.children:
            if isinstance(child, Element) and child.name in ("summary", "Summary"):
                summary = " ".join(self.inside(child).split())
            else:
                rest += child if isinstance(child, str) else self._made(child)
        summary = re.sub(r"</?(?:b|strong|h[1-6]|i|em)>", "", summary).strip()
        return self._container(element, "details", summary, rest)

    def _card(self, element: Element) -> str:
        title, inner = element.get("title"), level(self.inside(element))
        head = f"**{title}**\n\n" if title else ""
        return self._block(element, f"{head}{inner}")

    def _link_card(self, element: Element) -> str:
        title, target = element.get("title", "label"), element.get("href", "to")
        words = element.get("description")
        tail = f": {words}" if words else ""
        return self._placed(element, f"- [{title or target}]({_aim(target)}){tail}")

    def _link(self, element: Element) -> str:
        target, inner = element.get("href", "to"), self.inside(element).strip()
        if not target:
            return inner
        return f"[{' '.join(inner.split()) or target}]({_aim(target)})"

    def _button(self, element: Element) -> str:
        return self._placed(element, self._link(element))

    def _badge(self, element: Element) -> str:
        text = element.get("text") or self.inside(element).strip()
        return f"({text})" if text else ""

    def _code(self, element: Element) -> str:
        code = element.get("code")
        if not code and element.children:
            code = self._code_aside.back(level(self.inside(element)))
        if not code:
            self._say("expression", element.values.get("code", "code"))
            return ""
        info = element.get("lang", "language")
        title = element.get("title")
        head = f"```{info}" + (f' title="{title}"' if title else "")
        return self._placed(element, f"{head}\n{code.strip(chr(10))}\n```")

    def _picture(self, element: Element) -> str:
        source = self._source(element)
        alt = re.sub(r"[\[\]\n]", " ", element.get("alt"))
        if not source:
            self._say("missing_file", element.values.get("src", element.name))
            return alt
        return f"![{alt}]({_aim(source)})"

    def _source(self, element: Element) -> str:
        """A path, a name that was imported, `require("…")`, `useBaseUrl("…")` or the first of
        several for light and dark."""
        value = element.values.get("src") or element.values.get("sources") or ""
        if text := text_of(value):
            return text
        name = value.strip("{} \t\n").partition(".")[0]
        if name in self._imports.paths:
            return self._imports.paths[name]
        found = _STRINGS.search(value)
        if found:
            return found["text"]
        named = next(
            (one for one in re.findall(r"[\w$]+", value) if one in self._imports.paths), ""
        )
        return self._imports.paths.get(named, "")

    def _film(self, element: Element) -> str:
        source = self._source(element)
        for child in element.children:
            if not source and isinstance(child, Element):
                source = self._source(child)
        if not source.startswith(("http:", "https:", "//")):
            self._say("missing_file", source or element.name)
            return element.get("title")
        return f"[{element.get('title') or source}]({_aim(source)})"


_METHODS: dict[str, Callable[[_Maker, Element], str]] = {
    "Tabs": _Maker._tabs,
    "Steps": _Maker._steps,
    **dict.fromkeys(("Aside", "Admonition", "Callout", "Note", "Tip", "Warning", "Caution",
                     "Danger", "Info", "Important"), _Maker._aside),
    **dict.fromkeys(("details", "Details", "Accordion", "Collapsible"), _Maker._details),
    "Card": _Maker._card,
    "LinkCard": _Maker._link_card,
    **dict.fromkeys(("a", "Link"), _Maker._link),
    "LinkButton": _Maker._button,
    "Badge": _Maker._badge,
    **dict.fromkeys(("Code", "CodeBlock"), _Maker._code),
    **dict.fromkeys(("iframe", "video", "ReactPlayer", "Video"), _Maker._film),
}  # fmt: skip


def _is_slot(child: Element | str) -> bool:
    return isinstance(child, Element) and bool(child.get("slot")) and bool(child.children)


def _labels(values: str) -> dict[str, str]:
    return {
        found["value"] or found["value2"]: found["label"] or found["label2"]
        for found in _LABELLED.finditer(values)
    }


def _aim(target: str) -> str:
    return f"<{target}>" if re.search(r"[\s()]", target) else target
