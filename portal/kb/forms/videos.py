"""What editors typed about a film, as it goes back and forth until saved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from portal.accounts.forms import LANGUAGES
from portal.core import captions
from portal.core.audience import Audience
from portal.core.captions import BadCaptions, Chapter, typed
from portal.core.permissions import BUILDER_STAFF, PORTAL
from portal.core.slugs import is_slug
from portal.foundation.markup.parsing import clean
from portal.foundation.speech import gettext as _
from portal.kb.models import Video
from portal.kb.service.videos import ELSEWHERE, Said, VideoWords, external_id

TONGUES: Final = tuple(code for code, _name in LANGUAGES)
ROLES: Final = tuple(sorted(BUILDER_STAFF | PORTAL))
PROVIDERS: Final = ("file", *ELSEWHERE)
PARTS: Final = ("title", "description", "chapters", "transcript")
LONGEST: Final = {"title": 300, "description": 2000, "chapters": 20_000, "transcript": 200_000}
LONGEST_SECONDS: Final = 6 * 3600
Form = MultiDict[str, str]


def tidy(text: str | None) -> str:
    return clean(text or "").strip()


@dataclass
class VideoEdit:
    slug: str = ""
    module: str = ""
    workflow: str = ""
    audience: str = Audience.PUBLIC
    roles: list[str] = field(default_factory=list)
    provider: str = "file"
    external: str = ""
    length: str = ""
    position: str = "0"
    is_published: bool = False
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    seen: int = 0
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def typed(cls, form: Form) -> "VideoEdit":
        provider, audience = form.get("provider", ""), form.get("audience", "")
        seen = form.get("seen", "")
        return cls(
            slug=tidy(form.get("slug")),
            module=tidy(form.get("module"))[:50],
            workflow=tidy(form.get("workflow"))[:80],
            audience=audience if audience in list(Audience) else Audience.STAFF,
            roles=[one for one in ROLES if one in form.getlist("roles")],
            provider=provider if provider in PROVIDERS else "file",
            external=tidy(form.get("external"))[:300],
            length=tidy(form.get("length")),
            position=tidy(form.get("position")),
            is_published=form.get("published") == "1",
            texts={
                one: {part: tidy(form.get(f"{part}-{one}")) for part in PARTS} for one in TONGUES
            },
            seen=int(seen) if seen.isdecimal() and len(seen) < 10 else 0,
        )

    @classmethod
    def of(cls, video: Video) -> "VideoEdit":
        return cls(
            slug=video.slug,
            module=video.module_tag,
            workflow=video.workflow,
            audience=video.audience,
            roles=list(video.role_tags),
            provider=video.provider,
            external=video.external_id,
            length=captions.clock(video.seconds) if video.seconds else "",
            position=str(video.position),
            is_published=video.is_published,
            texts={
                text.language: {
                    "title": text.title,
                    "description": text.description,
                    "chapters": typed(Chapter(**one) for one in text.chapters),
                    "transcript": "" if text.captions_id else text.transcript,
                }
                for text in video.texts
            },
            seen=video.version,
        )

    def words(self) -> VideoWords | None:
        """None with `errors` for what can't be saved. A language without a title is left out."""
        errors = self.errors
        if self.slug and not is_slug(self.slug):
            errors["slug"] = _("Use small letters, digits and dashes.")
        texts = {
            language: self._said(language, text)
            for language, text in self.texts.items()
            if text["title"] or any(text.values())
        }
        if not texts:
            errors[f"title-{TONGUES[0]}"] = _("Give it a title in one language at least.")
        key = "" if self.provider == "file" else external_id(self.provider, self.external)
        if self.provider != "file" and not key:
            errors["external"] = _("Paste the address of the video there, or its key.")
        seconds, position = self._length(), self._position()
        if errors:
            return None
        return VideoWords(
            texts=texts,
            slug=self.slug,
            module=self.module,
            workflow=self.workflow,
            audience=Audience(self.audience),
            roles=self.roles,
            provider=self.provider,
            external_id=key,
            seconds=seconds,
            position=position,
            is_published=self.is_published,
        )

    def _said(self, language: str, text: Mapping[str, str]) -> Said:
        for part, said in text.items():
            if len(said) > LONGEST[part]:
                self.errors[f"{part}-{language}"] = _(
                    "Make this shorter: %(max)d characters at most.", max=LONGEST[part]
                )
        if not text["title"]:
            self.errors[f"title-{language}"] = _("Give it a title.")
        marks: list[Chapter] = []
        try:
            marks = captions.chapters(text["chapters"])
        except BadCaptions as bad:
            self.errors[f"chapters-{language}"] = _(
                "Line %(line)s is no chapter. Write them as 0:12 Add a task.", line=bad.line
            )
        return Said(text["title"], text["description"], marks, text["transcript"])

    def _length(self) -> int:
        if not self.length:
            return 0
        try:
            found = captions.chapters(f"{self.length} x")[0].at
        except BadCaptions:
            found = LONGEST_SECONDS + 1
        if found > LONGEST_SECONDS:
            self.errors["length"] = _("Write how long it is as 1:20.")
        return found

    def _position(self) -> int:
        if self.position.isdecimal() and len(self.position) < 6:
            return int(self.position)
        if self.position:
            self.errors["position"] = _("Enter a whole number.")
        return 0


def wrong_captions(error: BadCaptions) -> str:
    said: dict[str, Any] = {
        "too_long": _("This file is too large."),
        "nothing": _("There is nothing said in this file."),
        "time": _("The times in line %(line)s make no sense.", line=error.line),
    }
    return str(said[error.reason])
