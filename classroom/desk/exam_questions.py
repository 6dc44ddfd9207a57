"""The kinds of questions that the inbox can ask about tests: their words, and what each answer does."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from classroom.core.actor import Actor
from classroom.exams.presenters.boards import points_in_words
from classroom.exams.queries.two_attempts import AskedAttempt, asked_attempts
from classroom.exams.services.two_attempts import TWO_ATTEMPTS, let_count, undo
from classroom.inbox.rules import Decision, Facts, Kind, Wording
from classroom.inbox.services import register_kind


def install_exam_kinds() -> None:
    """Make the kinds known to the inbox."""
    register_kind(
        Kind(
            TWO_ATTEMPTS,
            _l("Learners with two attempts: one on a device, one by pen"),
            _word_two_attempts,
            (
                Decision("device", _l("The one on the device counts"), _let_device_count, undo, icon="phone"),
                Decision("paper", _l("The one by pen counts"), _let_paper_count, undo, icon="pencil"),
            ),
        )
    )


def _let_device_count(facts: Facts, actor: Actor) -> Facts:
    return let_count(facts, "device", str(_("Two attempts: the one on the device counts")), actor=actor)


def _let_paper_count(facts: Facts, actor: Actor) -> Facts:
    return let_count(facts, "paper", str(_("Two attempts: the one by pen counts")), actor=actor)


def _word_two_attempts(asked: Sequence[Facts]) -> list[Wording]:
    wanted = {str(each) for facts in asked for each in (facts["paper"], *facts["devices"])}
    found = asked_attempts(wanted)
    return [_two_attempts(facts, found) for facts in asked]


def _two_attempts(facts: Facts, found: dict[str, AskedAttempt]) -> Wording:
    paper = found.get(str(facts["paper"]))
    if paper is None:
        return Wording(_("This learner is no longer kept."))
    devices: list[Any] = [found[str(each)] for each in facts["devices"] if str(each) in found]
    said = [
        _("Class %(code)s, “%(title)s”.", code=paper.class_code, title=paper.title),
        *(_("On a device: %(points)s.", points=points_in_words(one.mark, one.out_of, one.scale)) for one in devices),
        _("By pen: %(points)s.", points=points_in_words(paper.mark, paper.out_of, paper.scale)),
        _("The other one is annulled, with this as its reason."),
    ]
    return Wording(
        f"{paper.name} – {paper.unit}" if paper.unit else paper.name,
        " ".join(said),
        "sittings.board",
        {"sitting_id": paper.sitting},
        _("Open the test board"),
    )
