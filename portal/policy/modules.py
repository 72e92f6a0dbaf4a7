"""The parts of the product that the support model knows: what articles, videos, screens and tickets
are about."""

from portal.policy.pack import Pack


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
