"""Finding in the table itself, by PostgreSQL's full text search.

Our own words are its lexemes, for each language apart: "en:invoic", "en+invoic" where the word
stands in a label or heading, and "en=invoic" in a title as well, so that of thousands of documents
only the likeliest are looked at. The letter of a lexeme is how much it says of its document.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.core.audience import Gate
from portal.search.asking import Ask, Concept, Narrowed, Way
from portal.search.engines.base import MANY, MOST_OF_IT, SHARE, Candidates, Place
from portal.search.rows import TITLE, Row
from portal.search.standing import Standing

ANYWHERE, STRONG, IN_TITLE = ":", "+", "="
TELLING: Final = 6  # concepts that decide which documents are found
COUNTED: Final = 1000  # documents; how many more there are nobody needs to know
ENOUGH: Final = 400  # documents that are compared with each other

_LETTERS: Final = ((0.62, "A"), (0.46, "B"), (0.3, "C"), (0.0, "D"))
_WORTH: Final = "{0.2,0.38,0.54,0.75}"  # of D, C, B and A
_HALVED: Final = 1.645  # by which ts_rank divides what a lexeme is worth
_LEVELS: Final = (0.999, 0.85, 0.7, 0.55, 0.4, 0.25, 0.0)
_READABLE: Final = "NOT is_gone AND gates ?| CAST(:keys AS text[])"


def lexemes(row: Row, language: str) -> str:
    """What stands in the column `terms`."""
    marked = [
        f"{_lexeme(language, ANYWHERE, word)}:1{_letter(weight)}"
        for word, weight in row.weights.items()
    ]
    marked += [_lexeme(language, STRONG, word) for word in sorted(row.strong)]
    titled = row.text.split("\n")[TITLE].split()
    marked += [_lexeme(language, IN_TITLE, word) for word in sorted(set(titled))]
    return " ".join(marked)


def _letter(weight: float) -> str:
    return next(letter for least, letter in _LETTERS if weight >= least)


def _lexeme(language: str, mark: str, word: str) -> str:
    """Words are letters, digits and points; whatever else came in would end the quotes."""
    plain = word.replace("\\", "").replace("'", "")
    return f"'{language}{mark}{plain}'"


@dataclass(frozen=True, slots=True)
class Postgres:
    standing: Standing
    is_sure: bool = True

    def candidates(self, session: Session, ask: Ask, narrowed: Narrowed, most: int) -> Candidates:
        if not ask.concepts:
            return Candidates()
        return self.standing.kept(
            ("likely", ask, narrowed, most), lambda: _candidates(session, ask, narrowed, most)
        )

    def known(
        self, session: Session, language: str, stems: Collection[str], keys: frozenset[Gate]
    ) -> set[str]:
        def ask(unknown: list[str]) -> dict[str, bool]:
            stems_of = {_lexeme(language, ANYWHERE, stem): stem for stem in unknown}
            parameters = {"lexemes": list(stems_of), "keys": sorted(keys)}
            found = session.connection().execute(_KNOWN, parameters)
            return {stems_of[lexeme]: True for (lexeme,) in found}

        return set(self.standing.kept_each(("known", language, keys), stems, ask))


@contextmanager
def _by_index(session: Session) -> Iterator[None]:
    """To read all rows looks cheap where many match, and is not: what their words are lies apart
    from them."""
    session.execute(_SCAN, {"scan": "off"})
    yield
    session.execute(_SCAN, {"scan": "on"})


def _candidates(session: Session, ask: Ask, narrowed: Narrowed, most: int) -> Candidates:
    with _by_index(session):
        return _found(session, ask, narrowed, most)


def _found(session: Session, ask: Ask, narrowed: Narrowed, most: int) -> Candidates:
    query = _Query(ask)
    reader = {"keys": sorted(narrowed.keys)}
    best = _best(session, query, reader)
    if best is None:
        return Candidates()
    least = best * MOST_OF_IT * query.mass
    counts = _counted(session, query.having(least), reader)
    if counts.total() < MANY:
        least = best * SHARE * query.mass
        counts = _counted(session, query.having(least), reader)
    rows = session.execute(
        text(_likeliest(query, narrowed)),
        {
            **reader,
            **query.ranked(),
            **_tiers(query, least),
            "kinds": sorted(narrowed.kinds),
            "module": narrowed.module,
            "category": narrowed.category,
            "most": most,
        },
    )
    return Candidates([key for key, _merit in rows], counts, best)


def _counted(session: Session, query: str, reader: Mapping[str, object]) -> Counter[Place]:
    rows = session.connection().execute(_COUNTS, {**reader, "query": query})
    return Counter({(kind, module, category): n for kind, module, category, n in rows})


_KNOWN = text(
    "SELECT lexeme FROM unnest(CAST(:lexemes AS text[])) AS lexeme WHERE EXISTS ("
    f" SELECT 1 FROM search_documents WHERE terms @@ CAST(lexeme AS tsquery) AND {_READABLE})"
)
_SCAN = text("SELECT set_config('enable_seqscan', :scan, true)")
_FIRST = text(
    "SELECT level FROM unnest(CAST(:levels AS float8[]), CAST(:queries AS text[]))"
    " AS step(level, wanted)"
    " WHERE EXISTS (SELECT 1 FROM search_documents"
    f" WHERE terms @@ CAST(wanted AS tsquery) AND {_READABLE}) LIMIT 1"
)
"""The steps are tried in their order, and no further than needed."""
_COUNTS = text(
    "SELECT kind, module, category, count(*) FROM ("
    " SELECT kind, module, category FROM search_documents"
    f" WHERE terms @@ CAST(:query AS tsquery) AND {_READABLE} LIMIT {COUNTED}"
    ") AS found GROUP BY kind, module, category"
)


def _best(session: Session, query: "_Query", reader: Mapping[str, object]) -> float | None:
    """How much of the question the best document has, by whole steps."""
    wanted = [query.having(level * query.mass) for level in _LEVELS]
    found = session.connection().execute(
        _FIRST, {**reader, "levels": list(_LEVELS), "queries": wanted}
    )
    level = found.scalar()
    return None if level is None else level or 0.1


class _Query:
    """A question in PostgreSQL's words."""

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        telling = sorted(ask.concepts, key=lambda concept: -concept.mass)[:TELLING]
        self._telling = telling
        self.mass = sum(concept.mass for concept in telling)

    def having(self, mass: float, mark: str = ANYWHERE) -> str:
        """Documents that have so much of the question, in places of this kind."""
        alternatives = [
            " & ".join(self._said(concept, mark) for concept in chosen)
            for chosen in _smallest(self._telling, mass)
        ]
        whole = " | ".join(f"({one})" for one in alternatives)
        language = self.ask.language
        must = [_lexeme(language, ANYWHERE, stem) for stem in sorted(self.ask.must)]
        must += ["!" + _lexeme(language, ANYWHERE, stem) for stem in sorted(self.ask.must_not)]
        return " & ".join([f"({whole})", *must])

    def ranked(self) -> dict[str, str]:
        """A parameter for each way to say each concept."""
        return {
            f"c{number}w{way_number}": self._way(way, ANYWHERE)
            for number, concept in enumerate(self.ask.concepts)
            for way_number, way in enumerate(concept.ways)
        }

    def merit(self) -> str:
        """What the words of a document say, as SQL; numbers and names are ours."""
        parts = []
        for number, concept in enumerate(self.ask.concepts):
            ways = [
                f"{way.weight:.3f} * ts_rank('{_WORTH}', terms, CAST(:c{number}w{of} AS tsquery))"
                for of, way in enumerate(concept.ways)
            ]
            parts.append(f"{concept.mass * _HALVED:.4f} * greatest({', '.join(ways)})")
        return " + ".join(parts)

    def _said(self, concept: Concept, mark: str) -> str:
        return "(" + " | ".join(self._way(way, mark) for way in concept.ways) + ")"

    def _way(self, way: Way, mark: str) -> str:
        return "(" + " & ".join(_lexeme(self.ask.language, mark, stem) for stem in way.stems) + ")"


def _smallest(concepts: Sequence[Concept], mass: float) -> Iterable[tuple[Concept, ...]]:
    """The sets of concepts that reach the mass, and no longer without any one of theirs."""
    found: list[frozenset[int]] = []
    for size in range(1, len(concepts) + 1):
        for chosen in combinations(range(len(concepts)), size):
            enough = sum(concepts[number].mass for number in chosen) >= mass - 1e-9
            if enough and not any(smaller <= set(chosen) for smaller in found):
                found.append(frozenset(chosen))
    return [tuple(concepts[number] for number in sorted(chosen)) for chosen in found]


_TIER = (
    "(SELECT id, terms FROM search_documents"
    " WHERE terms @@ CAST(:tier{number} AS tsquery) AND {readable}{narrowing} LIMIT {limit})"
)


def _likeliest(query: _Query, narrowed: Narrowed) -> str:
    """First those with most of the question in their titles, then in what stands out, then
    anywhere; never more than can be compared. Each is read once for all of the question's words:
    what is put together with nothing lies in memory, where stored rows are unpacked word by word.
    """
    tiers = " UNION ALL ".join(
        _TIER.format(number=number, readable=_READABLE, narrowing=_narrowing(narrowed), limit=limit)
        for number, limit in enumerate(_LIMITS)
    )
    return (
        f"SELECT id, {query.merit()} AS merit FROM ("
        f" SELECT DISTINCT ON (id) id, terms AS stored FROM ({tiers} LIMIT {ENOUGH}) AS likely"
        ") AS compared CROSS JOIN LATERAL ("
        " SELECT stored || CAST('' AS tsvector) AS terms OFFSET 0"
        ") AS unpacked ORDER BY merit DESC, id LIMIT :most"
    )


_LIMITS: Final = (100, 150, 150, 200)


def _tiers(query: _Query, least: float) -> dict[str, str]:
    return {
        "tier0": query.having(0.95 * query.mass, IN_TITLE),
        "tier1": query.having(0.5 * query.mass, IN_TITLE),
        "tier2": query.having(max(0.5 * query.mass, least), STRONG),
        "tier3": query.having(least),
    }


def _narrowing(narrowed: Narrowed) -> str:
    parts = []
    if narrowed.kinds:
        parts.append(" AND kind = ANY(CAST(:kinds AS text[]))")
    if narrowed.module:
        parts.append(" AND module = :module")
    if narrowed.category:
        parts.append(" AND (category = :category OR starts_with(category, :category || '/'))")
    return "".join(parts)
