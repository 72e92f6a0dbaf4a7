"""Choosing a template of the support model, and seeing what would be sent."""

from dataclasses import replace

from flask import request
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.web.access import requires
from portal.foundation.web.formatting import language
from portal.foundation.web.fragments import page
from portal.tickets.composing import Composer, Filler
from portal.tickets.forms.desk import WritingForm
from portal.tickets.service.templates import placeholders_of
from portal.tickets.views import workspace
from portal.tickets.views.answers import composed
from portal.tickets.views.desk import desk_of, screen
from portal.tickets.views.reader import html_of


@workspace.post("/desk/<int:number>/templates")
@requires(Permission.WORK_TICKETS)
def choose(number: int) -> Response:
    """The composer with another template; nothing is sent or kept. `was` is the one before."""
    desk, form = desk_of(number), WritingForm()
    before = composed(desk, form, "reply", ())
    former = desk.pack.templates.get(request.form.get("was", ""))
    composer = Filler(desk).switch(replace(before, template=former), before.template)
    return screen(desk, blocks=("composer",), composer=composer)


@workspace.post("/desk/<int:number>/preview")
@requires(Permission.WORK_TICKETS)
def preview(number: int) -> Response:
    """What would be sent, as the customer would see it; what is open still stands out."""
    desk, form = desk_of(number), WritingForm()
    form.validate()
    composer = composed(desk, form, form.kind.data or "reply", ())
    text = html_of(Filler(desk).so_far(composer, form.next_update.data))
    return page("tickets/desk/_preview.html", text=_with_gaps(text, composer))


def _with_gaps(text: Markup, composer: Composer) -> Markup:
    """Each gap that stands as a mark with its label."""
    if composer.template is None:
        return text
    labels = {field.key: field.label.to(language()) for field in composer.template.fields}
    for gap in placeholders_of(composer.template):
        mark = Markup('<mark class="gap">{}</mark>').format(labels.get(gap, gap))
        text = Markup(str(text).replace(str(escape(f"{{{gap}}}")), str(mark)))  # noqa: S704
    return text
