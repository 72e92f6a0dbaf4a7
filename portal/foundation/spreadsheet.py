"""Comma-separated values that a spreadsheet opens without running any of them."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

MARK = "\ufeff"  # by which spreadsheets know UTF-8
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def lines(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The text of the file, a row at a time."""
    yield MARK
    for row in rows:
        line = io.StringIO()
        csv.writer(line).writerow([harmless(str(cell)) for cell in row])
        yield line.getvalue()


def harmless(cell: str) -> str:
    """What begins like a formula stays text (OWASP: CSV injection)."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULAS) else cell
