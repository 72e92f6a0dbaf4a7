"""What was missed and how it reads: facts are worded when they are shown."""

from portal.foundation.speech import lazy_gettext as _l

KIND_NAMES = {
    "nothing_found": _l("Searched, and nothing found"),
    "not_opened": _l("Searched, and nothing opened"),
    "unhelpful": _l("Did not help"),
    "asked_after": _l("Read, and asked all the same"),
    "no_help": _l("“?” pressed, and nothing to show"),
}
KIND_MEANINGS = {
    "nothing_found": _l("Words that people looked for and that no article or video has."),
    "not_opened": _l("Words that found something, but none of it was opened."),
    "unhelpful": _l("Articles of which readers said that they did not help."),
    "asked_after": _l("Articles after which the same person opened a ticket within 24 hours."),
    "no_help": _l("Screens of the application on which help was asked for and there was none."),
}
REASONS = {
    "": _l("no reason given"),
    "outdated": _l("outdated"),
    "unclear": _l("hard to understand"),
    "incomplete": _l("something is missing"),
    "not_my_question": _l("another question"),
    "does_not_work": _l("does not work as described"),
}
SURFACES = {
    "page": _l("Help centre"),
    "search": _l("Search"),
    "widget": _l("Help in the application"),
    "ticket_form": _l("Ticket form"),
    "portal": _l("A builder’s portal"),
    "api": _l("Programs"),
}
FATES = {"done": _l("Done"), "dismissed": _l("Dismissed")}
