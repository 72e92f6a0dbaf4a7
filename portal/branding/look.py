"""What a builder chooses about their look, in plain values that JSON can hold."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Self

PRIMARY: Final = "#23459b"
ACCENT: Final = "#21479f"
LANGUAGES: Final = ("en", "es")
MOST_LINKS: Final = 6
CONTACT: Final = ("contact_name", "contact_email", "contact_phone", "contact_hours")
"""These stand with the builder, where tickets and letters read them; a look carries them along so
that an earlier version brings them back."""


@dataclass(frozen=True, slots=True)
class Size:
    """One drawing of a picture; `width` and `height` are in pixels of the file."""

    digest: str
    extension: str
    width: int
    height: int

    @property
    def filename(self) -> str:
        return f"{self.digest}.{self.extension}"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in its sizes, by name: 1x and 2x of a logo, 32, 180 and 512 of an icon."""

    upload: str
    sizes: Mapping[str, Size]

    def __getitem__(self, name: str) -> Size:
        return self.sizes[name]

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> Self:
        sizes = {name: Size(**size) for name, size in written["sizes"].items()}
        return cls(written["upload"], sizes)


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Look:
    """`name` empty is the company's own. Texts of one language may be empty: the other's holds."""

    name: str = ""
    welcome_en: str = ""
    welcome_es: str = ""
    primary: str = PRIMARY
    accent: str = ACCENT
    logo: Picture | None = None
    logo_dark: Picture | None = None
    icon: Picture | None = None
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    contact_hours: str = ""
    languages: tuple[str, ...] = LANGUAGES
    footer: str = ""
    links: tuple[Link, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> Self:
        """What an older version did not know has its default."""
        known = {name: written[name] for name in FIELDS if name in written}
        for name in PICTURES:
            if known.get(name):
                known[name] = Picture.from_json(known[name])
        if "languages" in known:
            known["languages"] = tuple(known["languages"])
        if "links" in known:
            known["links"] = tuple(Link(**link) for link in known["links"])
        return cls(**known)

    def changed_from(self, other: "Look") -> tuple[str, ...]:
        """The fields that differ, in their order."""
        return tuple(name for name in FIELDS if getattr(self, name) != getattr(other, name))


FIELDS: Final = tuple(field.name for field in fields(Look))
PICTURES: Final = ("logo", "logo_dark", "icon")
