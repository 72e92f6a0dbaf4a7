"""One line a figure: what, how much, how that stands to the floor, what is allowed."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """`ratio`: to the floor of the same run. `limit` None: only told."""

    what: str
    value: float
    unit: str
    ratio: float | None = None
    limit: float | None = None
    note: str = ""

    @property
    def broken(self) -> bool:
        measured = self.value if self.ratio is None else self.ratio
        return self.limit is not None and measured > self.limit

    def line(self) -> str:
        ratio = "" if self.ratio is None else f"{self.ratio:.{_decimals(self.ratio)}f} ×"
        of = "×" if self.ratio is not None else self.unit
        limit = "" if self.limit is None else f"≤ {self.limit:g} {of}"
        verdict = "" if self.limit is None else ("NOT" if self.broken else "ok")
        value = f"{self.value:,.{_decimals(self.value)}f} {self.unit}"
        return f"{self.what:<52}{value:>14}{ratio:>10}{limit:>12} {verdict:<4}{self.note}".rstrip()


def _decimals(value: float) -> int:
    return 0 if value >= 100 else 1 if value >= 10 else 2


@dataclass(slots=True)
class Report:
    figures: list[Figure] = field(default_factory=list)

    def add(self, figure: Figure) -> None:
        self.figures.append(figure)

    @property
    def broken(self) -> bool:
        return any(figure.broken for figure in self.figures)

    def write(self, path: Path) -> None:
        rows = [asdict(figure) | {"broken": figure.broken} for figure in self.figures]
        path.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", "utf-8")
