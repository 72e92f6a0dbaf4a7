"""A builder's colours as the design tokens that pages take in place of ours."""

from functools import lru_cache
from hashlib import sha256

from portal.core.contrast import Palette, Scheme, Theme, scheme

MORE_CONTRAST = (
    "@media(prefers-contrast:more){:root{"
    "--rule:var(--rule-strong);--ink-soft:var(--ink);--ink-faint:var(--ink)}}"
)


@lru_cache(maxsize=4096)
def stylesheet(primary: str, accent: str) -> tuple[str, str]:
    """Of a whole portal, and its digest: it goes into the address, so that browsers keep it."""
    rule = f":root{{{declared(scheme(primary, accent))}}}"
    text = f"@layer tokens{{{rule}{MORE_CONTRAST}}}"
    return text, sha256(text.encode()).hexdigest()[:16]


def sample(primary: str, accent: str) -> str:
    """The same for a part of a page of ours, whose own tokens stay."""
    return f"@layer tokens{{.brand-sample{{{declared(scheme(primary, accent))}}}}}"


def declared(found: Scheme) -> str:
    pairs = ((name, light, found.dark[name]) for name, light in found.light.items())
    return ";".join(f"--{name}:light-dark({light},{dark})" for name, light, dark in pairs)


def of_letters(primary: str, accent: str) -> tuple[Palette, Palette]:
    """For letters, which read no stylesheet: the light and the dark tokens."""
    found = scheme(primary, accent)
    return found.of(Theme.LIGHT), found.of(Theme.DARK)
