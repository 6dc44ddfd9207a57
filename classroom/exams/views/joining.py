"""How a phone comes into a sitting."""

from flask import Blueprint

bp = Blueprint("test_door", __name__, url_prefix="/t")
