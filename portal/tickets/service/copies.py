"""What was sent with a ticket, as if it were sent anew to where others see it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from portal.foundation.storage import Store
from portal.tickets.models import Attachment


@dataclass(slots=True)
class Copied:
    """Under a name that says nothing: its own may say whose it is."""

    filename: str | None
    stream: IO[bytes]
    content_length: int


@contextmanager
def as_upload(store: Store, picture: Attachment, number: int) -> Iterator[Copied]:
    """Raises MissingFile and StoreUnavailable."""
    suffix = picture.filename.rpartition(".")[2].lower()
    with store.open(picture.storage_key) as stream:
        yield Copied(f"picture-{number}.{suffix}", stream, picture.size)
