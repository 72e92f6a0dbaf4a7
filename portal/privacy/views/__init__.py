"""Pages of logs, exports, erasures and rules; each module adds its own to a blueprint."""

from flask import Blueprint

privacy = Blueprint("privacy", __name__)
own_data = Blueprint("own_data", __name__)
"""What everybody has of their own, also at portals."""
