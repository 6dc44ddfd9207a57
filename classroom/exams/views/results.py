"""Results, item analysis and regrading."""

from flask import Blueprint

bp = Blueprint("results", __name__)
