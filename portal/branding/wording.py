"""Why a colour was moved, in words; the figures are rounded down, never into a pass."""

from math import floor

from babel.numbers import format_decimal

from portal.core.contrast import Correction, Theme, Use
from portal.foundation.speech import gettext as _
from portal.foundation.web.formatting import language


def reason(correction: Correction) -> str:
    """ "#ffd400 is only 1.2:1 on the light page. Links get #806a00 (4.5:1)." """
    facts = {"asked": correction.asked, "before": _ratio(correction.before)}
    if correction.theme is Theme.LIGHT:
        why = _("%(asked)s is only %(before)s:1 on the light page.", **facts)
    else:
        why = _("%(asked)s is only %(before)s:1 on the dark page.", **facts)
    return f"{why} {_cure(correction)}"


def _cure(correction: Correction) -> str:
    facts = {"given": correction.given, "after": _ratio(correction.after)}
    match correction.use:
        case Use.BUTTONS:
            return str(_("Buttons get %(given)s (%(after)s:1).", **facts))
        case Use.MARKS:
            return str(_("Marks and edges get %(given)s (%(after)s:1).", **facts))
        case Use.LINKS:
            return str(_("Links get %(given)s (%(after)s:1).", **facts))
        case Use.FOCUS:
            return str(_("The keyboard’s ring gets %(given)s (%(after)s:1).", **facts))


def _ratio(ratio: float) -> str:
    return str(format_decimal(floor(ratio * 10) / 10, "0.0", locale=language()))
