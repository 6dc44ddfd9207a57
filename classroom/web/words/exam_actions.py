"""What the log says of tests: questions, papers, sittings, attempts, marks."""

from typing import Any

from flask_babel import lazy_gettext as _l

EXAM_ACTIONS: dict[str, Any] = {
    "question.added": _l("Added the question “%(title)s”"),
    "question.edited": _l("Saved version %(number)s of the question “%(title)s”: %(note)s"),
    "question.moved": _l("Put the question “%(title)s” into another course or topic"),
    "question.retired": _l("Took the question “%(title)s” out of use"),
    "question.restored": _l("Used the question “%(title)s” again"),
    "question.picture_added": _l("Added a picture for questions (%(width)s × %(height)s)"),
    "question.topic_added": _l("Added the topic %(name)s"),
    "question.topic_renamed": _l("Renamed the topic %(before)s to %(name)s"),
    "question.topics_merged": _l("Merged the topic %(before)s into %(name)s: %(count)s questions moved"),
}
