"""The modules of the platform, as its support model names them."""

from portal.policy.pack import Pack


def modules_of(pack: Pack, language: str) -> list[tuple[str, str]]:
    """Key and name of each, in the model's order."""
    return [
        (category.modules[0], category.name.to(language))
        for category in pack.categories.values()
        if category.modules
    ]
