"""A device of the room that shows one attempt and forgets it."""

from flask import Blueprint

bp = Blueprint("kiosk", __name__, url_prefix="/kiosk")
