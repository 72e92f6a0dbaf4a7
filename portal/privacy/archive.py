"""What goes into the file of an export: for programs, for people, and the files themselves."""

import json
import shutil
from collections.abc import Mapping
from datetime import datetime
from typing import Any, BinaryIO
from zipfile import ZipFile

from flask import current_app

from portal.foundation.storage import MissingFile, Store
from portal.tickets.models import Attachment


def add_files(bundle: ZipFile, store: Store, files: Mapping[str, Attachment]) -> None:
    """Under the names that are their keys; one that is lost is left out."""
    for name, attachment in files.items():
        opened = _opened(store, attachment)
        if opened is not None:
            with opened, bundle.open(name, "w") as entry:
                shutil.copyfileobj(opened, entry)


def _opened(store: Store, attachment: Attachment) -> BinaryIO | None:
    try:
        return store.open(attachment.storage_key)
    except MissingFile:
        return None


def add_data(bundle: ZipFile, data: Mapping[str, Any], at: datetime) -> None:
    bundle.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=1))
    template = current_app.jinja_env.get_template("privacy/export.html")
    bundle.writestr("index.html", template.render(data=data, made=at))
