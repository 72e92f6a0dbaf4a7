"""What the running support model adds to the description of the endpoints."""

from collections.abc import Callable
from typing import Final

from portal.foundation.web.api.description import Document
from portal.policy.modules import modules
from portal.policy.running import running_pack

_BOUNDS: Final = ("minLength", "maxLength", "pattern")


def modules_as_choices(schema: str, *others: str) -> Callable[[Document], None]:
    """For a schema's `category`: a module's key, or one of `others`."""

    def amend(document: Document) -> None:
        field = document["components"]["schemas"][schema]["properties"]["category"]
        for bound in _BOUNDS:
            field.pop(bound, None)
        field["enum"] = [*others, *modules(running_pack(), "en")]

    return amend
