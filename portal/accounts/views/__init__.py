"""Identity: how one comes in and what one keeps there, a noun a module."""

from flask import Blueprint

views = Blueprint("accounts", __name__)
