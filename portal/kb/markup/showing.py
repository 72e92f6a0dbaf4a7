"""Rendered HTML as it is shown somewhere."""

from markupsafe import Markup

from portal.kb.addresses import MARK


def at_root(html: str, root: str) -> Markup:
    """`root` is what goes before the paths of a site: "", "/b/acme" or "https://help.example"."""
    return Markup(html.replace(f'="{MARK}/', f'="{root}/'))  # noqa: S704  made safe by our renderer
