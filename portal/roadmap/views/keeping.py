"""The columns of the roadmap as they were made last: the same for all who read them in a language,
as long as nothing that stands in them has changed."""

from collections.abc import Hashable
from datetime import timedelta
from typing import Final

from markupsafe import Markup

from portal.foundation.clock import utcnow
from portal.foundation.remembered import Remembered
from portal.foundation.speech import language
from portal.foundation.web.database import db
from portal.foundation.web.fragments import block
from portal.policy.running import running_pack
from portal.roadmap.queries import items
from portal.roadmap.views.blueprint import words

MOST: Final = 12  # of up to some hundred kilobytes
_COLUMNS: Final = Remembered[Hashable, Markup](timedelta(days=1), MOST)


def columns(module: str) -> Markup:
    key = language(), running_pack().digest, module, items.state(db(), module)
    return _COLUMNS.get(key, lambda: _made(module), at=utcnow())


def _made(module: str) -> Markup:
    cards = items.listed(db(), module=module)
    return block(
        "roadmap/_columns.html",
        "columns",
        columns=items.columns(cards),
        is_empty=not cards,
        module=module,
        **words(),
    )
