"""A new article."""

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.core.audience import Audience
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.formatting import language
from portal.foundation.web.fragments import page, see_other
from portal.kb.forms.editing import NewForm, with_choices
from portal.kb.queries import editing as queries
from portal.kb.service.drafting import Placing, Text, begin
from portal.kb.views.editing import options
from portal.kb.views.editing.blueprint import editing
from portal.kb.views.editing.listing import rail
from portal.kb.views.editing.wording import languages


@editing.get("/new")
@requires(Permission.WRITE_ARTICLES)
def new() -> Response:
    """`?title=…&language=…&module=…`: what people looked for and did not find."""
    form = NewForm(
        formdata=None,
        title=request.args.get("title", "")[:300],
        language=request.args.get("language", "") or language(),
        module=request.args.get("module", "")[:50],
        audience=Audience.PUBLIC,
    )
    return _new(form, 200)


@editing.post("/new", endpoint="begin")
@requires(Permission.WRITE_ARTICLES)
def start() -> Response:
    form = _with_choices(NewForm())
    if not form.validate():
        return _new(form, 422)
    placing_ = Placing(
        category=queries.category(db(), form.category.data) if form.category.data else None,
        module_tag=form.module.data or "",
        audience=Audience(form.audience.data),
        original_language=form.language.data,
    )
    text = Text("", form.title.data or "", body=form.body.data or "")
    draft = begin(db(), placing_, form.language.data, text, by=the_actor(), at=utcnow())
    return see_other(url_for("articles.edit", key=draft.article_id))


def _with_choices(form: NewForm) -> NewForm:
    found: NewForm = with_choices(
        form,
        {
            "language": languages(),
            "category": options.shelves(),
            "module": options.modules(form.module.data or ""),
        },
    )
    return found


def _new(form: NewForm, status: int) -> Response:
    return page("kb/editing/new.html", status=status, form=_with_choices(form), views=rail(None))
