"""What editors typed about screens, words and first steps, as it goes back and forth until saved.

A form is also worked on without being saved: its buttons add, move and take away (`do`), and
`focus` names the field or button that goes on with that.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from werkzeug.datastructures import MultiDict

from portal.accounts.forms import LANGUAGES
from portal.core.page_keys import MOST_PARTS, BadPattern, pattern
from portal.foundation.markup.parsing import clean
from portal.foundation.speech import gettext as _
from portal.foundation.speech import lazy_gettext as _l
from portal.guidance.models import Orientation, Screen, Term
from portal.guidance.service.orientations import TourWords
from portal.guidance.service.screens import ScreenWords
from portal.guidance.service.terms import TermWords

TONGUES: Final = tuple(code for code, _name in LANGUAGES)
KEY: Final = re.compile(r"[a-z0-9][a-z0-9._-]*")
SAVE: Final = "save"
MOST_PATTERNS: Final = 50
MOST_PINNED: Final = 20
MOST_STEPS: Final = 12
LONGEST: Final = {
    "page_key": 80,
    "key": 120,
    "module": 50,
    "title": 120,
    "term": 80,
    "definition": 600,
    "usage": 600,
    "text": 400,
}
REASONS: Final[Mapping[str, Any]] = {
    "empty": _l("%(pattern)s: there is nothing to read here."),
    "too_long": _l("%(pattern)s: make this shorter, 300 characters at most."),
    "many": _l("%(pattern)s: too many parts, %(most)d at most."),
    "braces": _l("%(pattern)s: braces hold one name and are a part of their own, such as {id}."),
    "stars": _l("%(pattern)s: a star is a part of its own, * for one part or ** for any number."),
    "host": _l("%(pattern)s: this is no address."),
}

Form = MultiDict[str, str]
Errors = dict[str, str]


def tidy(text: str | None) -> str:
    """Without what no database takes, and without blanks around."""
    return clean(text or "").strip()


def acted(form: Form) -> tuple[str, str]:
    """The button that was pressed, and on what. Enter in the field that looks for something looks
    for it; anywhere else it saves."""
    verb, _colon, what = form.get("do", SAVE).partition(":")
    if verb == "enter":
        verb = "find" if tidy(form.get("find")) else SAVE
    return verb, what


def _key(errors: Errors, name: str, text: str) -> None:
    if not KEY.fullmatch(text):
        errors[name] = _("Use small letters, digits, dots and dashes, such as scheduling.board.")
    _shorter(errors, name, text, LONGEST[name])


def _shorter(errors: Errors, name: str, text: str, most: int) -> None:
    if len(text) > most:
        errors[name] = _("Make this shorter: %(max)d characters at most.", max=most)


def _ids(values: Sequence[str]) -> list[UUID]:
    """In their order, each once; what is no key is left out."""
    found: dict[UUID, None] = {}
    for value in values[:MOST_PINNED]:
        try:
            found[UUID(value)] = None
        except ValueError:
            continue
    return list(found)


def _seen(form: Form) -> int:
    text = form.get("seen", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _moved(items: list[Any], verb: str, kind: str, place: int) -> str:
    """`up`, `down` or `remove`; a place that there is not changes nothing. Says which button goes
    on with that: of what was moved, or of what has taken the place of what is gone."""
    if not 0 <= place < len(items):
        return ""
    one = items.pop(place)
    if verb == "remove":
        return f"remove-{kind}:{min(place, len(items) - 1)}" if items else ""
    to = min(max(0, place - 1 if verb == "up" else place + 1), len(items))
    items.insert(to, one)
    ends = {0: "down", len(items) - 1: "up"}  # where the other button does nothing
    return f"{ends.get(to, verb)}-{kind}:{to}"


def _place(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else -1


@dataclass
class ScreenEdit:
    page_key: str = ""
    module: str = ""
    titles: dict[str, str] = field(default_factory=dict)
    patterns: list[str] = field(default_factory=list)
    topics: list[UUID] = field(default_factory=list)
    videos: list[UUID] = field(default_factory=list)
    find: str = ""
    seen: int = 0
    focus: str = ""
    errors: Errors = field(default_factory=dict)

    @classmethod
    def typed(cls, form: Form) -> "ScreenEdit":
        return cls(
            page_key=tidy(form.get("page_key")).lower(),
            module=tidy(form.get("module")),
            titles={one: tidy(form.get(f"title-{one}")) for one in TONGUES},
            patterns=[one for line in form.get("patterns", "").splitlines() if (one := tidy(line))],
            topics=_ids(form.getlist("topics")),
            videos=_ids(form.getlist("videos")),
            find=tidy(form.get("find"))[:200],
            seen=_seen(form),
        )

    @classmethod
    def of(cls, screen: Screen) -> "ScreenEdit":
        return cls(
            page_key=screen.page_key,
            module=screen.module,
            titles=dict(screen.titles),
            patterns=[rule.pattern for rule in screen.rules],
            topics=_ids(screen.topic_ids),
            videos=_ids(screen.video_ids),
            seen=screen.version,
        )

    def act(self, verb: str, what: str) -> None:
        """`pin-article:ID`, `pin-video:ID`, `up-article:0`, `down-…`, `remove-…`."""
        doing, _dash, kind = verb.partition("-")
        pinned = self.videos if kind == "video" else self.topics
        if doing == "pin":
            pinned += [one for one in _ids([what]) if one not in pinned]
            self.find, self.focus = "", "find"
        elif doing in ("up", "down", "remove"):
            self.focus = _moved(pinned, doing, kind, _place(what)) or "find"

    def words(self) -> ScreenWords | None:
        """None with `errors` for what can't be saved."""
        errors = self.errors
        _key(errors, "page_key", self.page_key)
        _shorter(errors, "module", self.module, LONGEST["module"])
        for language, title in self.titles.items():
            _shorter(errors, f"title-{language}", title, LONGEST["title"])
        if not any(self.titles.values()):
            errors[f"title-{TONGUES[0]}"] = _("Say in one language at least what people call it.")
        if wrong := self._wrong_patterns():
            errors["patterns"] = wrong
        if errors:
            return None
        titles = {one: title for one, title in self.titles.items() if title}
        patterns = list(dict.fromkeys(self.patterns))
        return ScreenWords(self.page_key, self.module, titles, patterns, self.topics, self.videos)

    def _wrong_patterns(self) -> str:
        if len(self.patterns) > MOST_PATTERNS:
            return _("%(most)d addresses at most.", most=MOST_PATTERNS)
        for text in self.patterns:
            try:
                pattern(text)
            except BadPattern as bad:
                return str(REASONS[bad.reason]) % {"pattern": text[:80], "most": MOST_PARTS}
        return ""


TERM_PARTS: Final = ("term", "definition", "usage")


@dataclass
class TermEdit:
    key: str = ""
    module: str = ""
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    topics: list[UUID] = field(default_factory=list)  # one at most
    find: str = ""
    seen: int = 0
    focus: str = ""
    errors: Errors = field(default_factory=dict)

    @classmethod
    def typed(cls, form: Form) -> "TermEdit":
        texts = {
            one: {part: tidy(form.get(f"{part}-{one}")) for part in TERM_PARTS} for one in TONGUES
        }
        return cls(
            key=tidy(form.get("key")).lower(),
            module=tidy(form.get("module")),
            texts=texts,
            topics=_ids(form.getlist("topics"))[:1],
            find=tidy(form.get("find"))[:200],
            seen=_seen(form),
        )

    @classmethod
    def of(cls, term: Term) -> "TermEdit":
        topics = [term.topic_id] if term.topic_id else []
        return cls(term.key, term.module, dict(term.texts), topics, seen=term.version)

    def act(self, verb: str, what: str) -> None:
        """`pin-article:ID`, `remove-article:0`."""
        if verb == "pin-article":
            self.topics, self.find = _ids([what]) or self.topics, ""
        elif verb == "remove-article":
            self.topics = []
        if verb != "find":
            self.focus = "find"

    def words(self) -> TermWords | None:
        """None with `errors` for what can't be saved. A language without a word is left out."""
        errors = self.errors
        _key(errors, "key", self.key)
        _shorter(errors, "module", self.module, LONGEST["module"])
        for language, text in self.texts.items():
            self._check(language, text)
        texts = {one: text for one, text in self.texts.items() if text.get("term")}
        if not texts and not errors:
            errors[f"term-{TONGUES[0]}"] = _("Say in one language at least what it is called.")
        if errors:
            return None
        return TermWords(self.key, self.module, texts, self.topics[0] if self.topics else None)

    def _check(self, language: str, text: Mapping[str, str]) -> None:
        for part, said in text.items():
            _shorter(self.errors, f"{part}-{language}", said, LONGEST[part])
        if text["definition"] and not text["term"]:
            self.errors[f"term-{language}"] = _("Say what it is called.")
        if text["term"] and not text["definition"]:
            self.errors[f"definition-{language}"] = _("Say what it means.")


@dataclass
class TourEdit:
    module: str = ""
    steps: list[dict[str, Any]] = field(default_factory=list)
    is_published: bool = False
    seen: int = 0
    focus: str = ""
    errors: Errors = field(default_factory=dict)

    @classmethod
    def typed(cls, form: Form) -> "TourEdit":
        """Steps are numbered as they stand on the page: `target-0`, `title-0-en`, `text-0-en`."""
        number = min(_place(form.get("steps", "")), MOST_STEPS)
        steps = [_typed_step(form, place) for place in range(max(number, 0))]
        published = form.get("published") == "1"
        return cls(tidy(form.get("module")), steps, published, _seen(form))

    @classmethod
    def of(cls, tour: Orientation) -> "TourEdit":
        return cls(tour.module, list(tour.steps), tour.is_published, tour.version)

    def act(self, verb: str, what: str) -> None:
        """`add-step`, `up-step:0`, `down-step:0`, `remove-step:0`."""
        doing = verb.removesuffix("-step")
        if doing == "add" and len(self.steps) < MOST_STEPS:
            self.focus = f"title-{len(self.steps)}-{TONGUES[0]}"
            self.steps.append({"target": "", "texts": {}})
        elif doing in ("up", "down", "remove"):
            self.focus = _moved(self.steps, doing, "step", _place(what)) or "add-step"

    def words(self) -> TourWords | None:
        """None with `errors` for what can't be saved."""
        if not self.module:
            self.errors["module"] = _("Choose a module.")
        if not self.steps:
            self.errors["add-step"] = _("Add one step at least.")
        for place, step in enumerate(self.steps):
            self._check(place, step)
        if self.errors:
            return None
        steps = [
            {"target": step["target"], "texts": _said_in(step["texts"])} for step in self.steps
        ]
        return TourWords(self.module, steps, self.is_published)

    def _check(self, place: int, step: Mapping[str, Any]) -> None:
        if step["target"]:
            errors: Errors = {}
            _key(errors, "key", step["target"])
            self.errors |= {f"target-{place}": error for error in errors.values()}
        for language, text in step["texts"].items():
            for part in ("title", "text"):
                _shorter(self.errors, f"{part}-{place}-{language}", text[part], LONGEST[part])
        if not any(text["title"] for text in step["texts"].values()):
            self.errors[f"title-{place}-{TONGUES[0]}"] = _("Give this step a title.")


def _typed_step(form: Form, place: int) -> dict[str, Any]:
    texts = {
        one: {part: tidy(form.get(f"{part}-{place}-{one}")) for part in ("title", "text")}
        for one in TONGUES
    }
    return {"target": tidy(form.get(f"target-{place}")).lower(), "texts": texts}


def _said_in(texts: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    return {language: dict(text) for language, text in texts.items() if text["title"]}
