"""The blueprint of certificates for staff; addresses begin with /certificates."""

from flask import Blueprint

bp = Blueprint("certificates", __name__, url_prefix="/certificates")
