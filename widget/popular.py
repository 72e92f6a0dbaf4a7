"""What others looked for, offered before a word is typed: only what finds something that this
reader may open, on this screen's subject first."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import Final

from portal.core.audience import Reader
from portal.foundation.clock import utcnow
from portal.foundation.remembered import Remembered
from portal.foundation.runtime import current_runtime
from portal.foundation.tenancy import PLATFORM, see
from portal.foundation.web.database import db
from portal.kb.queries import shelves
from portal.search import service as search
from portal.search.documents import Question
from portal.search.popular import Popular, popular

MOST: Final = 5
KINDS: Final = ("article", "video")
_all: Remembered[str, Sequence[Popular]] = Remembered(timedelta(minutes=10))
_found: Remembered[tuple[object, ...], bool] = Remembered(timedelta(minutes=10), most=5000)


def looked_for(reader: Reader, language: str, module: str) -> list[str]:
    known = _all.get(language, lambda: _asked(language), at=utcnow())
    here = sorted(known, key=lambda one: not (module and one.module == module))
    return list(islice(_answered(here, reader, language), MOST))


def _asked(language: str) -> Sequence[Popular]:
    with current_runtime().readers() as session:
        see(session, PLATFORM)
        return popular(session, language, at=utcnow())


def _answered(asked: Sequence[Popular], reader: Reader, language: str) -> Iterator[str]:
    edition = shelves.edition(db()) if asked else 0
    for one in asked:
        key = (edition, language, reader.at_portal, reader.keys, one.words)
        if _found.get(key, partial(_finds, one.words, reader, language), at=utcnow()):
            yield one.words


def _finds(words: str, reader: Reader, language: str) -> bool:
    return bool(search.find(db(), Question(words, language, kinds=KINDS, limit=1), reader).hits)
