"""The page of all components: for whoever builds, where a demo or the tests run."""

from flask import Blueprint, render_template

from portal.foundation.web.access import public

blueprint = Blueprint("gallery", __name__)


@blueprint.get("/gallery")
@public("components only, and only in a demo or a test")
def gallery() -> str:
    return render_template("_gallery.html")
