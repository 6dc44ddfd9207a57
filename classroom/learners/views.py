"""Pages of the learners room."""

from flask import Blueprint

bp = Blueprint("learners", __name__)
