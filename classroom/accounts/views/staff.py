"""Staff of one's own organisation."""

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from classroom.accounts import documents, queries, services
from classroom.accounts.forms import NewStaffForm, StaffForm
from classroom.accounts.models import Staff
from classroom.accounts.presenters import ROLE_HINTS, ROLE_WORDS, present_staff
from classroom.accounts.rules import LINK_LIFE, Role
from classroom.accounts.views.door import blame, bp
from classroom.core.clock import local, now
from classroom.core.errors import NotFound, Refusal
from classroom.core.qr import qr_svg
from classroom.core.signing import token_hash
from classroom.web.guards import current_actor, requires

_CLASSES_NAMED = 10


@bp.get("/admin/staff")
@requires("staff.manage")
def staff() -> ResponseReturnValue:
    """Everybody with an account here, in Vietnamese order."""
    actor = current_actor()
    seen = queries.last_seen(actor.organisation_id)
    people = queries.staff_of(actor.organisation_id)
    rows = [present_staff(person, seen.get(person.id), actor.time_zone) for person in people]
    return render_template("accounts/staff.html", rows=rows)


@bp.get("/admin/staff/new")
@requires("staff.manage")
def new_staff() -> ResponseReturnValue:
    """An empty form."""
    return _new_page(NewStaffForm())


@bp.post("/admin/staff/new")
@requires("staff.manage")
def create_staff() -> ResponseReturnValue:
    """Make the account and show its one-time link."""
    form, actor = NewStaffForm(), current_actor()
    if form.validate_on_submit():
        facts = form.facts()
        try:
            made = services.create_staff(
                actor.organisation_id,
                form.username.data or "",
                facts.name,
                facts.roles,
                actor=actor,
                phone=facts.phone,
                email=facts.email,
            )
        except Refusal as refusal:
            blame(form.username, refusal)
        else:
            return show_link(made, services.make_link(made, actor=actor), url_for("accounts.staff"))
    return _new_page(form), 422


@bp.get("/admin/staff/<staff_id>")
@requires("staff.manage")
def edit_staff(staff_id: str) -> ResponseReturnValue:
    """One account with everything that can be done about it."""
    person = queries.get_staff(current_actor().organisation_id, staff_id)
    return _edit_page(person, StaffForm.of(person))


@bp.post("/admin/staff/<staff_id>")
@requires("staff.manage")
def save_staff(staff_id: str) -> ResponseReturnValue:
    """Change name, contacts and roles."""
    actor = current_actor()
    queries.get_staff(actor.organisation_id, staff_id)
    form = StaffForm()
    if form.validate_on_submit():
        try:
            services.edit_staff(staff_id, form.facts(), actor=actor)
        except Refusal as refusal:
            blame(form, refusal)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("accounts.staff"), 303)
    return _edit_page(queries.get_staff(actor.organisation_id, staff_id), form), 422


@bp.post("/admin/staff/<staff_id>/switch-off")
@requires("staff.manage")
def switch_off_staff(staff_id: str) -> ResponseReturnValue:
    """Sign somebody out everywhere and let nobody in any more."""
    reason = " ".join(request.form.get("reason", "").split())[:300]
    actor = current_actor()
    if not reason:
        person = queries.get_staff(actor.organisation_id, staff_id)
        return _edit_page(person, StaffForm.of(person), reason_error=_("Please say why.")), 422
    try:
        person = services.switch_off_staff(staff_id, reason, actor=actor)
    except NotFound:
        raise
    except Refusal as refusal:
        person = queries.get_staff(actor.organisation_id, staff_id)
        form = StaffForm(formdata=None, data=StaffForm.of(person).data)
        blame(form, refusal)
        return _edit_page(person, form), refusal.status
    flash(_("%(name)s is signed out everywhere and cannot sign in any more.", name=person.name), "success")
    if duties := _spell_duties(person):
        flash(duties + " " + _("Ask a coordinator to name somebody else for them."), "attention")
    return redirect(url_for("accounts.staff"), 303)


@bp.post("/admin/staff/<staff_id>/switch-on")
@requires("staff.manage")
def switch_on_staff(staff_id: str) -> ResponseReturnValue:
    """Let somebody in again."""
    person = services.switch_on_staff(staff_id, actor=current_actor())
    flash(_("%(name)s can sign in again.", name=person.name), "success")
    return redirect(url_for("accounts.edit_staff", staff_id=staff_id), 303)


@bp.post("/admin/staff/<staff_id>/link")
@requires("staff.manage")
def make_staff_link(staff_id: str) -> ResponseReturnValue:
    """A fresh one-time link, shown this once."""
    actor = current_actor()
    person = queries.get_staff(actor.organisation_id, staff_id)
    return show_link(person, services.make_link(person, actor=actor), url_for("accounts.staff"))


@bp.post("/admin/slip")
@requires("staff.manage")
def link_slip() -> ResponseReturnValue:
    """The link on paper. Only who was just shown the link can name its token."""
    token = request.form.get("token", "")
    person = queries.find_open_link(token_hash(token), now())
    actor = current_actor()
    if person is None or (person.organisation_id != actor.organisation_id and not actor.is_operator):
        raise NotFound("account.link_unusable")
    zone = person.organisation.time_zone
    with force_locale("vi"):
        roles = ", ".join(str(ROLE_WORDS[held.role]) for held in person.roles)
        slip = documents.StaffLink(
            person.organisation.name, person.name, roles, link_url(token), local(now() + LINK_LIFE, zone)
        )
    headers = {"Content-Disposition": f'inline; filename="dang-nhap-{person.username}.pdf"'}
    return Response(documents.staff_link_pdf(slip), mimetype="application/pdf", headers=headers)


def show_link(person: Staff, token: str, back_url: str) -> str:
    """The page that shows a one-time link, once."""
    url = link_url(token)
    return render_template(
        "accounts/new_link.html",
        person=person,
        url=url,
        token=token,
        qr=qr_svg(url, _("One-time link for %(name)s", name=person.name)),
        expires_at=now() + LINK_LIFE,
        back_url=back_url,
    )


def link_url(token: str) -> str:
    """The address of a one-time link as other machines reach it."""
    path = url_for("accounts.use_link", token=token)
    root: str = current_app.config["PUBLIC_URL"] or request.host_url.rstrip("/")
    return root + path


def _new_page(form: NewStaffForm) -> str:
    return render_template("accounts/new_staff.html", form=form, roles=list(Role), role_hints=ROLE_HINTS)


def _edit_page(person: Staff, form: StaffForm, reason_error: str = "") -> str:
    actor = current_actor()
    return render_template(
        "accounts/edit_staff.html",
        person=person,
        form=form,
        roles=list(Role),
        role_hints=ROLE_HINTS,
        is_self=person.id == actor.staff_id,
        may_change=actor.is_operator or not person.is_operator,
        reason_error=reason_error,
        sessions=len(queries.living_sessions(person.id, now())),
        duties=_spell_duties(person),
    )


def _spell_duties(person: Staff) -> str:
    """The coming sessions that this person teaches, in words; "" for none."""
    duties = services.hangs_on_staff(person)
    if not duties.sessions:
        return ""
    shown = ", ".join(duties.classes[:_CLASSES_NAMED]) + (" …" if len(duties.classes) > _CLASSES_NAMED else "")
    words: str = ngettext(
        "%(name)s is to teach %(num)s coming session (class %(codes)s).",
        "%(name)s is to teach %(num)s coming sessions (classes %(codes)s).",
        duties.sessions,
        name=person.name,
        codes=shown,
    )
    return words
