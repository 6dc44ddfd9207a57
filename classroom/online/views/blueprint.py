"""The blueprint of intakes, accounts and imports; addresses begin with /online."""

from flask import Blueprint

bp = Blueprint("online", __name__, url_prefix="/online")
