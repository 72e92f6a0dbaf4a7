"""The parts of the product that the support model knows: what articles, videos, screens and tickets
are about."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from portal.policy.pack import Pack
from portal.policy.running import running_pack


def modules(pack: Pack, language: str) -> dict[str, str]:
    """Name by key. A category that lists several names for its module goes by the first."""
    return {
        category.modules[0]: category.name.to(language)
        for category in pack.categories.values()
        if category.modules
    }


def modules_with(pack: Pack, language: str, *further: str) -> dict[str, str]:
    """And what was chosen once, as it stands, even if the model knows it no more."""
    known = modules(pack, language)
    return known | {key: key for key in further if key and key not in known}


def module_name(pack: Pack, module: str, language: str) -> str:
    """What people call it; the key itself where the model does not know it."""
    for category in pack.categories.values():
        if module in category.modules:
            return category.name.to(language)
    return module


def names(_session: Session, language: str, keys: Collection[str]) -> dict[str, str]:
    """Of those that the running model knows: for lists of what was found."""
    named = {key: module_name(running_pack(), key, language) for key in keys}
    return {key: name for key, name in named.items() if name != key}
