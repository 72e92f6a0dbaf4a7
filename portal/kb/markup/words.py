"""Words that articles did not bring themselves, in the article's language."""

from portal.foundation.english import in_english
from portal.foundation.speech import catalogue_of

CALLOUTS = {
    "note": in_english("Note"),
    "tip": in_english("Tip"),
    "info": in_english("Info"),
    "caution": in_english("Caution"),
    "warning": in_english("Warning"),
    "danger": in_english("Danger"),
}
DETAILS = in_english("Details")
DONE = in_english("Done")
NOT_DONE = in_english("Not done")
TABLE = in_english("Table")
TABS = in_english("Alternatives")
NOTES = in_english("Notes")
BACK = in_english("Back to the text")
VIDEO = in_english("Video")
PICTURE = in_english("Picture")


def said(english: str, language: str) -> str:
    return catalogue_of(language).gettext(english)
