"""Bring questions in from files."""

from flask import Blueprint

bp = Blueprint("question_imports", __name__, url_prefix="/questions/import")
