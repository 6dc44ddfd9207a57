"""The pages of one attempt, on the device that holds it."""

from flask import Blueprint

bp = Blueprint("attempt", __name__, url_prefix="/t/<attempt_id>")
