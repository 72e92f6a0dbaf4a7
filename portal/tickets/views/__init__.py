"""The pages of tickets: customers' and the desk's, a noun a module."""

from flask import Blueprint

views = Blueprint("tickets", __name__)
