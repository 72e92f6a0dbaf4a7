"""Pages of logs, exports, erasures and rules; each module adds its own to the blueprint."""

from flask import Blueprint

privacy = Blueprint("privacy", __name__)
