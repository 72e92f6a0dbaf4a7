"""What Whoosh keeps of a document. Loaded with the first question: few processes need Whoosh."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from whoosh import columns, fields, formats
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter


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


class _Postings(W3FieldWriter):  # type: ignore[misc]
    def add_postings(self, schema: Any, _lengths: Any, items: Iterable[Any]) -> None:
        """No field of ours has a length; Whoosh would look for the file of them at each posting,
        which is a third of its work."""
        super().add_postings(schema, None, items)


class Codec(W3Codec):  # type: ignore[misc]
    def field_writer(self, storage: Any, segment: Any) -> _Postings:
        return _Postings(self, storage, segment)
