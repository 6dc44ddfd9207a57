"""Papers: composing, checking, previewing, printing."""

from flask import Blueprint

bp = Blueprint("exam_papers", __name__, url_prefix="/exam-papers")
