"""The pages of tickets, a noun a module; here are only the blueprints that modules share."""

from flask import Blueprint

support = Blueprint("support", __name__)
workspace = Blueprint("workspace", __name__)
office = Blueprint("office", __name__, url_prefix="/company/desk")
