"""Key in papers that were answered by pen."""

from flask import Blueprint

bp = Blueprint("by_pen", __name__, url_prefix="/sittings/<sitting_id>/by-pen")
