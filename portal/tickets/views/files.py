"""Files of a ticket as a conversation shows them, whoever reads it."""

from collections.abc import Iterable
from typing import Any, Protocol

from flask import url_for

from portal.tickets.models import Attachment


class FileAddresses(Protocol):
    """Where the files of a ticket are; a member and a guest have different addresses."""

    def attachment(self, file: Attachment) -> str: ...
    def preview(self, file: Attachment) -> str: ...


class MemberFiles:
    """For somebody with an account, at whichever desk."""

    def __init__(self, number: int) -> None:
        self.number = number

    def attachment(self, file: Attachment) -> str:
        return url_for("support.attachment", number=self.number, attachment_id=file.id)

    def preview(self, file: Attachment) -> str:
        return url_for("support.thumbnail", number=self.number, attachment_id=file.id)


def shown_files(files: Iterable[Attachment], addresses: FileAddresses) -> list[dict[str, Any]]:
    return [
        {
            "filename": file.filename,
            "size": file.size,
            "url": addresses.attachment(file),
            "thumbnail_url": addresses.preview(file) if file.width else "",
        }
        for file in files
    ]
