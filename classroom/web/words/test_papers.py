"""How papers say no."""

from typing import Any

from flask_babel import lazy_gettext as _l

TEST_PAPERS: dict[str, Any] = {
    "answer.places": _l("Give each line its own place, from 1 to %(number)s, no place twice."),
    "pen.letter": _l("One letter from A to %(last)s is expected here."),
    "pen.letters": _l("Letters from A to %(last)s are expected here, none twice."),
    "pen.true_false": _l("Đ (true) or S (false) is expected here."),
    "pen.number": _l("A number is expected here; leave it empty where no number is written."),
    "pen.too_long": _l("At most %(most)s letters."),
    "pen.matching": _l(
        "Pairs such as 1C 2A are expected here, or %(count)s letters from A to %(last)s in a row, with a dash for none."
    ),
    "pen.places": _l("The numbers from 1 to %(count)s are expected here, each once, in the order of the lines."),
    "paper.not_ready": _l("%(count)s things on this paper must be put right first. Look at its check."),
    "paper.is_retired": _l("This paper has been retired. Bring it back first."),
    "paper.changed_meanwhile": _l("Somebody else has changed this paper meanwhile. Look at it as it is now."),
    "paper.title_missing": _l("A paper needs a title."),
    "paper.out_of_range": _l("Write a number from %(least)s to %(most)s."),
    "paper.draw_count": _l("Draw between 1 and %(most)s questions."),
    "paper.points": _l("Give more than 0 and at most %(most)s points, with at most five places."),
    "paper.too_many_parts": _l("A paper has at most %(most)s lines."),
    "paper.retake_of": _l("A retake paper belongs to another paper of the same course that is no retake itself."),
    "paper.form_count": _l("Print between 1 and %(most)s forms at once."),
    "paper.too_few_questions": _l(
        "Line %(part)s draws %(needed)s questions, but only %(found)s are left in its topic."
    ),
    "paper.no_parts": _l("There is no question on this paper yet."),
    "paper.topic_short": _l("“%(topic)s”: %(needed)s questions are to be drawn, but only %(found)s are left."),
    "paper.question_twice": _l("This question stands on the paper already."),
    "paper.question_retired": _l("This question has been retired."),
    "paper.question_elsewhere": _l("This question belongs to another course."),
    "paper.total_not_round": _l("The points add up to %(total)s, which is no whole number."),
    "paper.total_not_scale": _l("The points add up to %(total)s; result sheets turn them into marks out of %(scale)s."),
    "paper.time_short": _l("There are only %(seconds)s seconds for each question."),
    "paper.everybody_passes": _l("The pass mark is 0: everybody passes."),
    "paper.nothing_may_be_wrong": _l("The pass mark is all the points: one wrong answer fails."),
    "paper.no_forms": _l("No form of this paper has been printed yet."),
    "paper.no_entry": _l("The entry window is empty: nobody could begin."),
    "paper.entry_long": _l(
        "Learners may begin when others have finished already, and could hear the questions from them."
    ),
    "paper.sessions_beyond": _l(
        "%(needed)s half-days are required, but the course plans only %(planned)s: nobody could begin."
    ),
    "paper.hard_by_pen": _l("This question has more than %(most)s things to letter; that is easily mistaken on paper."),
}
