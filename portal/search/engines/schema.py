"""What Whoosh keeps of a document. Loaded with the first question: few processes need Whoosh."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from whoosh import columns, fields, formats


class Words(fields.FieldType):  # type: ignore[misc]
    """Words that are analysed and weighed by us."""

    def __init__(self) -> None:
        super().__init__(formats.Existence(), None)

    def index(self, value: tuple[str, Mapping[str, float]], **_more: Any) -> Iterator[Any]:
        language, weights = value
        for word, weight in weights.items():
            yield f"{language}:{word}".encode(), 1, weight, b""


SCHEMA: Final = fields.Schema(
    name=fields.ID(unique=True),
    key=fields.COLUMN(columns.FixedBytesColumn(16)),
    place=fields.COLUMN(columns.RefBytesColumn()),
    words=Words(),
)
