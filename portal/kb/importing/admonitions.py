"""Other ways of writing callouts and tabs: MkDocs' `!!! note`, GitHub's `> [!NOTE]`, and names that
translators have translated."""

import re

from portal.kb.importing.code import Aside, level

_MKDOCS = re.compile(
    r"^(?P<indent>[ \t]*)(?P<marks>!!!|\?\?\?\+?|===)[ \t]+(?P<kind>[a-z]{1,30})?[ \t]*"
    r"(?:\"(?P<title>[^\"\n]{0,200})\")?[ \t]*\n"
    r"(?P<body>(?:(?P=indent)(?:[ ]{4}|\t).*\n|[ \t]*\n)+)",
    re.MULTILINE,
)
_GITHUB = re.compile(
    r"^(?P<indent>[ ]{0,3})>[ \t]*\[!(?P<kind>[A-Za-z]{1,20})\][ \t]*(?P<title>[^\n]{0,200})\n"
    r"(?P<body>(?:[ ]{0,3}>.*\n?)*)",
    re.MULTILINE,
)
_KINDS = {
    **{kind: kind for kind in ("note", "tip", "info", "caution", "warning", "danger")},
    **dict.fromkeys(("abstract", "summary", "quote", "question", "example", "seealso"), "note"),
    **dict.fromkeys(("hint", "success", "check"), "tip"),
    **dict.fromkeys(("important", "todo"), "info"),
    **dict.fromkeys(("attention",), "warning"),
    **dict.fromkeys(("error", "failure", "bug"), "danger"),
}
_NAMED = re.compile(r"^(?P<before>[ \t>]*:{3,}[ \t]*)(?P<name>[^\W\d_]{4,12})\b", re.MULTILINE)
_TRANSLATED = {
    "nota": "note",
    **dict.fromkeys(("consejo", "sugerencia", "truco", "pista"), "tip"),
    **dict.fromkeys(("información", "informacion", "importante"), "info"),
    **dict.fromkeys(("precaución", "precaucion", "cuidado"), "caution"),
    **dict.fromkeys(("advertencia", "aviso", "atención", "atencion"), "warning"),
    "peligro": "danger",
    "detalles": "details",
}
_MARKS = ("!!!", "???", "===", "[!", ":::")


def as_directives(source: str) -> str:
    if not any(mark in source for mark in _MARKS):
        return source
    aside = Aside(source + "\n")
    text = _GITHUB.sub(_from_github, aside.text)
    for _ in range(3):  # one in another
        text = _MKDOCS.sub(_from_mkdocs, text)
    return aside.back(_tabs_joined(_NAMED.sub(_in_english, text)))


def _in_english(found: re.Match[str]) -> str:
    return found["before"] + _TRANSLATED.get(found["name"].lower(), found["name"])


def _from_github(found: re.Match[str]) -> str:
    kind = _KINDS.get(found["kind"].lower(), "note")
    body = re.sub(r"^[ ]{0,3}>[ ]?", "", found["body"], flags=re.MULTILINE).strip("\n")
    title = found["title"].strip()
    return f":::{kind}{f'[{title}]' if title else ''}\n\n{body}\n\n:::\n\n"


def _from_mkdocs(found: re.Match[str]) -> str:
    indent, title, body = found["indent"], found["title"] or "", level(found["body"])
    if found["marks"] == "===":
        made = f":::tabs\n::tab[{title}]\n\n{body}\n\n:::"
    elif found["marks"].startswith("?"):
        made = f":::details[{title or (found['kind'] or '').title()}]\n\n{body}\n\n:::"
    else:
        kind = _KINDS.get(found["kind"] or "", "note")
        made = f":::{kind}{f'[{title}]' if title else ''}\n\n{body}\n\n:::"
    return indent + made.replace("\n", f"\n{indent}") + "\n\n"


def _tabs_joined(text: str) -> str:
    return re.sub(r"\n[ \t]*:::\n\s*\n?[ \t]*:::tabs\n(?=[ \t]*::tab\[)", "\n", text)
