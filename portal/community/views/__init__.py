from flask import Blueprint

community = Blueprint("community", __name__, url_prefix="/community")
company = Blueprint("company_community", __name__, url_prefix="/company/community")
