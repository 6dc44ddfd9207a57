"""What the log says of tests: questions, papers, sittings, attempts, marks."""

from typing import Any

from flask_babel import lazy_gettext as _l

EXAM_ACTIONS: dict[str, Any] = {
    "paper.created": _l("Made the paper “%(title)s” for the course %(course)s"),
    "paper.changed": _l("Changed the terms of the paper “%(title)s”"),
    "paper.composed": _l("Composed the paper “%(title)s”: %(questions)s questions, %(points)s points"),
    "paper.copied": _l("Copied the paper “%(source)s” to “%(title)s”"),
    "paper.retired": _l("Retired the paper “%(title)s”"),
    "paper.restored": _l("Brought the paper “%(title)s” back"),
    "paper.printed": _l("Made the printed forms %(codes)s of the paper “%(title)s”"),
    "paper.form_annulled": _l("Annulled the printed form %(code)s of the paper “%(title)s”: %(reason)s"),
}
