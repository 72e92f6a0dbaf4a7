"""Where pictures in what people wrote are, as it stands in their Markdown."""

from uuid import UUID

PICTURES = "/attachments"


def picture_path(key: UUID) -> str:
    return f"{PICTURES}/{key}"
