"""Pages of the sessions room."""

from flask import Blueprint

bp = Blueprint("sessions", __name__)
