"""The trainer's side of a sitting: open, board, pause, extend, end."""

from flask import Blueprint

bp = Blueprint("sittings", __name__)
