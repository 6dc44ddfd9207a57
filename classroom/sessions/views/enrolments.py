"""Pages on which learners get a seat, leave, come back, and change class."""

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from classroom.core.errors import Refusal
from classroom.learners import queries as learners
from classroom.sessions import queries, services
from classroom.sessions.forms.fields import show_refusal
from classroom.sessions.forms.half_days import MoveEnrolmentForm
from classroom.sessions.views.blueprint import bp, go, go_to_class, pass_on
from classroom.web.guards import current_actor, requires
from classroom.web.words import say_refusal

SHOWN = 30


@bp.route("/classes/<class_id>/enrol", methods=["GET", "POST"])
@requires("class.manage")
def enrol(class_id: str) -> ResponseReturnValue:
    """Find somebody among the people and give a seat, one after another."""
    actor = current_actor()
    text = " ".join(request.values.get("q", "")[:200].split())
    refused: Refusal | None = None
    wanted = request.form.get("learner", "")
    if request.method == "POST":
        over = request.form.get("over_capacity") == "1"
        try:
            made = services.enrol(class_id, wanted, actor=actor, over_capacity=over)
        except Refusal as refusal:
            pass_on(refusal)
            refused = refusal
        else:
            flash(gettext("%(name)s is in the class.", name=made.learner.name), "success")
            return go("sessions.enrol", class_id=class_id)
    found = queries.get_class(actor, class_id)
    people = learners.search(actor.organisation_id, text, SHOWN) if text else []
    page = render_template(
        "sessions/enrol.html",
        training_class=found,
        taken=queries.seats_taken(found.id),
        text=text,
        people=people,
        places=queries.places_in_course(found.course_id, [one.id for one in people]),
        wanted=wanted if refused and refused.code == "enrolment.class_full" else "",
        error=say_refusal(refused) if refused else "",
        shown=SHOWN,
    )
    return page, refused.status if refused else 200


@bp.route("/enrolments/<enrolment_id>/withdraw", methods=["GET", "POST"])
@requires("class.manage")
def withdraw(enrolment_id: str) -> ResponseReturnValue:
    """Take a learner out of a class, saying what stays and asking why."""
    actor = current_actor()
    error = ""
    if request.method == "POST":
        try:
            done = services.withdraw(enrolment_id, request.form.get("reason", ""), actor=actor)
        except Refusal as refusal:
            pass_on(refusal)
            error = say_refusal(refusal)
        else:
            flash(gettext("%(name)s has left the class.", name=done.learner.name), "success")
            return go_to_class(done.training_class.public_id, tab="roster")
    found = queries.get_enrolment(actor, enrolment_id)
    page = render_template(
        "sessions/withdraw.html", enrolment=found, counts=services.hangs_on(found, "withdraw"), error=error
    )
    return page, 422 if error else 200


@bp.route("/enrolments/<enrolment_id>/rejoin", methods=["GET", "POST"])
@requires("class.manage")
def rejoin(enrolment_id: str) -> ResponseReturnValue:
    """Give a learner who left the seat again."""
    actor = current_actor()
    refused: Refusal | None = None
    if request.method == "POST":
        over = request.form.get("over_capacity") == "1"
        try:
            done = services.rejoin(enrolment_id, actor=actor, over_capacity=over)
        except Refusal as refusal:
            pass_on(refusal)
            refused = refusal
        else:
            flash(gettext("%(name)s is in the class again.", name=done.learner.name), "success")
            return go_to_class(done.training_class.public_id, tab="roster")
    page = render_template(
        "sessions/rejoin.html",
        enrolment=queries.get_enrolment(actor, enrolment_id),
        error=say_refusal(refused) if refused else "",
        full=bool(refused and refused.code == "enrolment.class_full"),
    )
    return page, refused.status if refused else 200


@bp.route("/enrolments/<enrolment_id>/move", methods=["GET", "POST"])
@requires("class.manage")
def move_enrolment(enrolment_id: str) -> ResponseReturnValue:
    """Let a learner go on in another class of the course."""
    actor = current_actor()
    found = queries.get_enrolment(actor, enrolment_id)
    form = _move_form(found.training_class.id)
    if form.validate_on_submit():
        try:
            made = services.move_enrolment(
                enrolment_id,
                form.to.data or "",
                form.reason.data or "",
                actor=actor,
                over_capacity=form.over_capacity.data,
            )
        except Refusal as refusal:
            pass_on(refusal)
            show_refusal(form, refusal, {"enrolment.class_full": "to"})
            found = queries.get_enrolment(actor, enrolment_id)
        else:
            flash(
                gettext("%(name)s is in class %(code)s now.", name=made.learner.name, code=made.training_class.code),
                "success",
            )
            return go_to_class(made.training_class.public_id, tab="roster")
    page = render_template(
        "sessions/move_enrolment.html", enrolment=found, form=form, counts=services.hangs_on(found, "move")
    )
    return page, 422 if form.errors else 200


def _move_form(class_id: int) -> MoveEnrolmentForm:
    """The form with the other classes of the course; ?to= chooses one of them."""
    others = queries.sibling_classes(queries.get_class_by_id(current_actor(), class_id))
    form = MoveEnrolmentForm(to=request.args.get("to"))
    form.offer(others, queries.seats_of([one.id for one in others]))
    return form
