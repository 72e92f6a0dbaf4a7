"""What a panel asks for, a noun a module; here is only how they come into the application."""

from flask import Blueprint, Flask
from flask_wtf.csrf import CSRFProtect

from portal.foundation.web import site
from portal.foundation.web.site import Kind

views = Blueprint("widget", __name__, url_prefix="/widget")


def register(app: Flask, csrf: CSRFProtect) -> None:
    from widget import slots
    from widget.news import latest
    from widget.slots import Slot
    from widget.views import (  # noqa: F401  each adds its addresses
        articles,
        contact,
        films,
        finding,
        home,
        news,
        panel,
        removed,
        scripts,
        sessions,
        tickets,
        words,
    )

    slots.fill(Slot.NEWS, latest)
    csrf.exempt(views)  # a token in a header is never sent by a page on its own
    app.register_blueprint(views)
    site.place(app, {"widget": frozenset(Kind)})
