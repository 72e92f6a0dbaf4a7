from flask import Blueprint

gaps = Blueprint("gaps", __name__, url_prefix="/articles/gaps")
