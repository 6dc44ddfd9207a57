"""How certificates look: for all courses, or for one; with a preview of somebody who does not exist."""

from base64 import b64encode
from dataclasses import replace
from typing import Final

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from classroom.accounts import queries as accounts
from classroom.accounts.models import Organisation
from classroom.certification.documents import certificate as paper
from classroom.certification.forms.designs import DesignForm
from classroom.certification.queries import designs as queries
from classroom.certification.rules.certificates import PrintedFacts
from classroom.certification.rules.designs import PLACES, Design
from classroom.certification.services import designs as services
from classroom.core.actor import Actor
from classroom.core.clock import today
from classroom.core.db import release
from classroom.core.errors import Forbidden, Invalid, NotFound, Refusal
from classroom.core.pictures import encode_anew
from classroom.sessions.models import Course
from classroom.sessions.queries import get_course
from classroom.web.files import PNG, send_file, send_pdf
from classroom.web.forms import show_refusal
from classroom.web.guards import current_actor, requires
from classroom.web.words import say_refusal

bp = Blueprint("certificate_designs", __name__, url_prefix="/certificates/designs")
_DOTS: Final = 72
_SAMPLE_CODE: Final = "0123456789ABV"
_SHORT: Final = PrintedFacts(name="Nguyễn Thị Mẫu", born="1985-03-07", unit="Ủy ban nhân dân xã Mẫu", result="8,5/10")
_LONG: Final = PrintedFacts(
    name="Công Tằng Tôn Nữ Hoàng Thị Nguyễn Phương Thảo Quỳnh Như Ngọc Ánh Tuyết Mẫu",
    born="1985-03-07",
    unit="Trung tâm Phát triển Khoa học, Công nghệ và Đổi mới sáng tạo trực thuộc Sở Khoa học và Công nghệ, cơ sở Mẫu",
    result="8,5/10",
)


@bp.get("")
@requires("certificate.manage")
def designs() -> ResponseReturnValue:
    """The design of all courses, and which courses have one of their own."""
    actor = current_actor()
    return render_template("certificate_designs/designs.html", courses=queries.courses_with_designs(actor))


@bp.route("/default", methods=["GET", "POST"])
@requires("certificate.manage")
def default() -> ResponseReturnValue:
    """The design of all courses that have none of their own."""
    return _edit(None)


@bp.route("/courses/<course_id>", methods=["GET", "POST"])
@requires("certificate.manage")
def of_course(course_id: str) -> ResponseReturnValue:
    """The design of one course."""
    return _edit(get_course(current_actor(), course_id))


@bp.post("/courses/<course_id>/drop")
@requires("certificate.manage")
def drop(course_id: str) -> ResponseReturnValue:
    """Let a course have the design of all others again."""
    services.drop_design(course_id, actor=current_actor())
    flash(gettext("The course has the common design again."), "success")
    return redirect(url_for("certificate_designs.designs"), 303)


@bp.post("/default/preview")
@requires("certificate.manage")
def preview() -> ResponseReturnValue:
    """A picture of the common design as it is typed; nothing is kept."""
    return _preview(None)


@bp.post("/courses/<course_id>/preview")
@requires("certificate.manage")
def preview_of_course(course_id: str) -> ResponseReturnValue:
    """The same for the design of a course."""
    return _preview(get_course(current_actor(), course_id))


@bp.get("/default/picture.png")
@requires("certificate.manage")
def picture() -> ResponseReturnValue:
    """The common design as it is kept, as a picture."""
    return _kept_picture(None)


@bp.get("/courses/<course_id>/picture.png")
@requires("certificate.manage")
def picture_of_course(course_id: str) -> ResponseReturnValue:
    """The same for the design of a course."""
    return _kept_picture(get_course(current_actor(), course_id))


@bp.get("/default/sample.pdf")
@requires("certificate.manage")
def sample() -> ResponseReturnValue:
    """A sample of the common design as it is kept, to be printed."""
    return _sample(None)


@bp.get("/courses/<course_id>/sample.pdf")
@requires("certificate.manage")
def sample_of_course(course_id: str) -> ResponseReturnValue:
    """The same for the design of a course."""
    return _sample(get_course(current_actor(), course_id))


def _edit(course: Course | None) -> ResponseReturnValue:
    actor, form = current_actor(), DesignForm()
    chosen = queries.design_of(actor.organisation_id, course.id if course else None)
    drawn = ""
    if not form.is_submitted():
        form.show(chosen.design)
    elif form.validate():
        try:
            if request.form.get("do") == "look":
                drawn = _as_data(_picture(actor, form, course, chosen.logo))
            else:
                services.save_design(
                    course.public_id if course else None,
                    form.design(),
                    logo=form.sent_logo(),
                    keep_logo=not form.no_logo.data,
                    actor=actor,
                )
                flash(gettext("The design has been saved. Certificates already issued keep theirs."), "success")
                return redirect(request.path, 303)
        except Refusal as refusal:
            _explain(form, refusal)
            chosen = queries.design_of(actor.organisation_id, course.id if course else None)
    return _page(form, course, chosen, drawn), 422 if form.errors else 200


def _page(form: DesignForm, course: Course | None, chosen: queries.Chosen, drawn: str) -> str:
    return render_template(
        "certificate_designs/design.html",
        form=form,
        course=course,
        own=chosen.own,
        has_logo=bool(chosen.logo),
        picture=drawn or _address("picture", course),
        choose_again=bool(form.logo.data) and not form.logo.errors,
        places=PLACES,
        preview_url=_address("preview", course),
        sample_url=_address("sample", course),
    )


def _address(page: str, course: Course | None) -> str:
    if course is None:
        return url_for(f"certificate_designs.{page}")
    return url_for(f"certificate_designs.{page}_of_course", course_id=course.public_id)


def _preview(course: Course | None) -> ResponseReturnValue:
    actor, form = current_actor(), DesignForm()
    logo = queries.design_of(actor.organisation_id, course.id if course else None).logo
    if not form.validate():
        raise Invalid("design.not_yet")
    return send_file(_picture(actor, form, course, logo), PNG, "Xem trước.png")


def _picture(actor: Actor, form: DesignForm, course: Course | None, kept_logo: bytes) -> bytes:
    design, sent = form.design().checked(), form.sent_logo()
    logo = b"" if form.no_logo.data else encode_anew(sent).content if sent else kept_logo
    look = paper.Look(design, logo, _verify_root(actor), "sample")
    person = _example(actor, course, design, long=request.form.get("long") == "1")
    release()
    return paper.picture(person, look, _DOTS)


def _kept_picture(course: Course | None) -> ResponseReturnValue:
    actor = current_actor()
    chosen = queries.design_of(actor.organisation_id, course.id if course else None)
    look = paper.Look(chosen.design, chosen.logo, _verify_root(actor), "sample")
    person = _example(actor, course, chosen.design)
    release()
    return send_file(paper.picture(person, look, _DOTS), PNG, "Mẫu.png")


def _sample(course: Course | None) -> ResponseReturnValue:
    actor = current_actor()
    chosen = queries.design_of(actor.organisation_id, course.id if course else None)
    look = paper.Look(chosen.design, chosen.logo, _verify_root(actor), "sample")
    people = [_example(actor, course, chosen.design, long=long) for long in (False, True)]
    release()
    return send_pdf(paper.render(people, look), "Bản mẫu giấy chứng nhận.pdf")


def _example(actor: Actor, course: Course | None, design: Design, *, long: bool = False) -> paper.Printable:
    organisation: Organisation = accounts.get_organisation(actor.organisation_id)
    day = today(actor.time_zone)
    said = replace(
        _LONG if long else _SHORT,
        programme=course.programme.name if course else "Chương trình Mẫu",
        course=course.name if course else "Khóa bồi dưỡng Mẫu",
        group="L01",
        starts_on=day.isoformat(),
        ends_on=day.isoformat(),
        path="in_person",
        organisation=organisation.name,
        parent_organisation=organisation.parent_name,
        place=organisation.place,
        number=f"00000/{day.year}/GCN-MAU",
        decision_number="000/QĐ-MAU",
        decision_on=day.isoformat(),
        issued_on=day.isoformat(),
        signer_title=design.signer_title,
        signer_name=design.signer_name,
    )
    return paper.Printable(said, _SAMPLE_CODE)


def _verify_root(actor: Actor) -> str:
    here = str(current_app.config["PUBLIC_URL"] or request.url_root.rstrip("/"))
    return queries.verify_root(actor.organisation_id, here)


def _as_data(picture: bytes) -> str:
    return f"data:{PNG};base64,{b64encode(picture).decode()}"


def _explain(form: DesignForm, refusal: Refusal) -> None:
    if isinstance(refusal, NotFound | Forbidden):
        raise refusal
    field = str(refusal.details.get("field", "logo" if refusal.code.startswith("picture.") else ""))
    if field in form:
        form[field].errors = [*form[field].errors, say_refusal(refusal)]
    else:
        show_refusal(form, refusal)
