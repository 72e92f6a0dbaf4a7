"""Secrets known by the word before them: password: …, contraseña es …, API_KEY=…"""

import re
from collections.abc import Iterator

from portal.core.secrets.plausible import said_about, strong
from portal.core.secrets.spans import Span

_WORDS = {
    "password": r"pass(?:word|wd|phrase|code)|(?<![a-z])pwd|(?<![a-z])pass|contrase[ñn]a"
    r"|(?<!palabra )(?<!palabras )(?<![a-z])clave(?: de (?:acceso|usuario))?|(?<![a-z])pin",
    "api_token": r"token|(?:api|access|account|client|encryption|signing)[_ -]?key"
    r"|secret(?:[_ -]?(?:access[_-]?)?key)?(?:[_-]base)?|x-amz-signature",
}
_NAME = re.compile("(?i)" + "|".join(f"(?P<{kind}>{words})" for kind, words in _WORDS.items()))
_SURE_NAME = re.compile(r"(?i)passw|passphrase|contrase|pwd|key")
_SUFFIX = r"(?:[_-]?(?:v?\d{1,2}|prod|live|test|dev|value|confirm(?:ation)?|hash))?(?![a-z])"
_FOR_WHOM = r"(?:[ \t]{1,2}(?:for|to|of|on|de|del|para|en)(?:[ \t]{1,2}[^\s:=]{1,60}){1,3}?)?"
_QUOTED = (
    r"\\\"[^\"\\\n]{3,200}\\\"|\"(?:[^\"\\\n]|\\[^\n]){3,200}\""
    r"|'(?:[^'\\\n]|\\[^\n]){3,200}'|`[^`\n]{3,200}`"
)
_BARE = r"[^\s\"'`<>][^\s<>]{2,199}"
_EMPHASIS = r"[*_]{0,3}"
_AFTER_SIGN = re.compile(
    rf"(?i){_SUFFIX}{_FOR_WHOM}\\?['\"\]]{{0,2}}{_EMPHASIS}[ \t]{{0,3}}"
    rf"(?P<sign>=>|:=|=|:)(?!=){_EMPHASIS}(?P<gap>[ \t]{{0,4}}(?:\r?\n[> \t]{{0,4}})?){_EMPHASIS}"
    rf"(?:(?P<quoted>{_QUOTED})|(?P<bare>{_BARE}))"
)
_AFTER_VERB = re.compile(
    rf"(?i){_SUFFIX}{_FOR_WHOM}[ \t]{{1,3}}(?:is|was|es|era|será)[ \t]{{0,3}}:?[ \t]{{1,3}}"
    rf"{_EMPHASIS}(?:(?P<quoted>{_QUOTED})|(?P<bare>{_BARE}))"
)
_AFTER_TAG = re.compile(r">(?P<bare>[^<>\n]{3,200})</")
_AFTER_OPTION = re.compile(r"[ \t](?P<bare>[^\s\"'-][^\s\"']{2,200})")


def named(text: str) -> Iterator[Span]:
    for name in _NAME.finditer(text):
        span = _value_after(text, name)
        if span and not said_about(text[slice(*span)]):
            yield *span, str(name.lastgroup)


def _value_after(text: str, name: re.Match[str]) -> tuple[int, int] | None:
    at = name.end()
    if match := _AFTER_SIGN.match(text, at):
        return _quoted(match) or _after_sign(text, name[0], match)
    if match := _AFTER_VERB.match(text, at):
        return _quoted(match) or _if_strong(text, name[0], match)
    if match := _AFTER_TAG.match(text, at):
        return match.span("bare")
    if text.startswith("--", max(0, name.start() - 2)) and (match := _AFTER_OPTION.match(text, at)):
        return match.span("bare")
    return None


def _quoted(match: re.Match[str]) -> tuple[int, int] | None:
    if not match["quoted"]:
        return None
    quote = 2 if match["quoted"].startswith("\\") else 1
    return match.start("quoted") + quote, match.end("quoted") - quote


def _after_sign(text: str, name: str, match: re.Match[str]) -> tuple[int, int] | None:
    if match["sign"] == ":":
        return _if_strong(text, name, match) or _if_alone(text, name, match)
    if "\n" in match["gap"] or _CODE.match(match["bare"]):
        return None
    value = re.split(r"[&;,\"'`]", match["bare"], maxsplit=1)[0]
    return (match.start("bare"), match.start("bare") + len(value)) if len(value) > 2 else None


def _if_strong(text: str, name: str, match: re.Match[str]) -> tuple[int, int] | None:
    start, end = _trimmed(match)
    value = text[start:end]
    if _PIN.fullmatch(value) and _CLAUSE_END.match(text, end):
        return start, end
    return (start, end) if name.lower() != "pin" and strong(value) else None


def _if_alone(text: str, name: str, match: re.Match[str]) -> tuple[int, int] | None:
    """A plain word is a password only when nothing else stands on its line."""
    start, end = _trimmed(match)
    if (
        end - start < 3
        or "\n" in match["gap"]
        or not _SURE_NAME.search(name)
        or not _LINE_END.match(text, end)
    ):
        return None
    return start, end


def _trimmed(match: re.Match[str]) -> tuple[int, int]:
    value = match["bare"].rstrip(_AROUND)
    return match.start("bare"), match.start("bare") + len(value)


_AROUND = ".,;:)]*_`\"'”’»"
_CODE = re.compile(r"[A-Za-z_]\w*(?:\(|\[|(?:\.[A-Za-z_]\w*)+(?:\(|\[|$))")
_PIN = re.compile(r"(?!(?:19|20)\d\d$)\d{4,16}")
_CLAUSE_END = re.compile(
    r"(?i)[ \t]*(?:$|[.,;)!?”’»\r\n]|(?:and|but|y|pero|for|para|please|por)\b)"
)
_LINE_END = re.compile(rf"[{re.escape(_AROUND)} \t]*(?:$|\r?\n)")
