"""Form fields that know the reader's time zone."""

from datetime import datetime
from typing import Any

from wtforms import Field
from wtforms.widgets import DateTimeLocalInput

from portal.foundation.speech import gettext as _
from portal.foundation.web.formatting import parse_moment, reader_zone


class MomentField(Field):  # type: ignore[misc]
    """A date and time as the reader's clock on the wall has it; `data` is in UTC, or None."""

    widget = DateTimeLocalInput()
    data: Any  # datetime | None

    def process_formdata(self, values: list[str]) -> None:
        self.data = None
        if not values or not values[0].strip():
            return
        try:
            self.data = parse_moment(values[0].strip())
        except (ValueError, OverflowError):
            raise ValueError(_("Enter a date and a time, such as 2026-11-24 10:30.")) from None

    def _value(self) -> Any:
        if self.raw_data:
            return self.raw_data[0]
        return local_input(self.data) if self.data else ""


def local_input(at: datetime) -> str:
    """For `<input type="datetime-local">`, in the reader's zone."""
    return at.astimezone(reader_zone()).strftime("%Y-%m-%dT%H:%M")
