"""Pages of venues and rooms."""

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from classroom.core.errors import Refusal
from classroom.sessions import queries, services
from classroom.sessions.forms.fields import show_refusal
from classroom.sessions.forms.programmes import RoomForm, VenueForm
from classroom.sessions.views.blueprint import bp, go, pass_on
from classroom.web.guards import current_actor, requires

_VENUE_PLACES = {"venue.name_taken": "name"}
_ROOM_PLACES = {"room.name_taken": "name", "room.seats": "seats"}


@bp.get("/venues")
@requires("programme.manage")
def venues() -> ResponseReturnValue:
    """All venues with their rooms."""
    return render_template("sessions/venues.html", venues=queries.venues(current_actor()))


@bp.route("/venues/new", methods=["GET", "POST"])
@requires("programme.manage")
def new_venue() -> ResponseReturnValue:
    """Set up a venue."""
    form = VenueForm()
    if form.validate_on_submit():
        try:
            made = services.create_venue(form.name.data or "", form.address.data or "", actor=current_actor())
        except Refusal as refusal:
            pass_on(refusal)
            show_refusal(form, refusal, _VENUE_PLACES)
        else:
            flash(gettext("The venue has been set up. Next: its rooms."), "success")
            return go("sessions.venue", venue_id=made.public_id)
    return render_template("sessions/venue_form.html", form=form), 422 if form.errors else 200


@bp.get("/venues/<venue_id>")
@requires("programme.manage")
def venue(venue_id: str) -> ResponseReturnValue:
    """A venue, its rooms, and the forms to change both."""
    return _venue_page(venue_id)


@bp.post("/venues/<venue_id>")
@requires("programme.manage")
def save_venue(venue_id: str) -> ResponseReturnValue:
    """Change a venue's name and address."""
    form = VenueForm()
    if form.validate():
        try:
            services.update_venue(venue_id, form.name.data or "", form.address.data or "", actor=current_actor())
        except Refusal as refusal:
            pass_on(refusal)
            show_refusal(form, refusal, _VENUE_PLACES)
        else:
            flash(gettext("The venue has been saved."), "success")
            return go("sessions.venue", venue_id=venue_id)
    return _venue_page(venue_id, venue_form=form), 422


@bp.post("/venues/<venue_id>/archive")
@requires("programme.manage")
def archive_venue(venue_id: str) -> ResponseReturnValue:
    """Take a venue out of use, or back."""
    archived = request.form.get("archived") == "1"
    services.archive_venue(venue_id, archived=archived, actor=current_actor())
    flash(gettext("The venue is no longer offered.") if archived else gettext("The venue is offered again."), "success")
    return go("sessions.venue", venue_id=venue_id)


@bp.post("/venues/<venue_id>/rooms")
@requires("programme.manage")
def add_room(venue_id: str) -> ResponseReturnValue:
    """Add a room to a venue."""
    form = RoomForm()
    if form.validate():
        try:
            services.add_room(venue_id, form.name.data or "", form.seats.data, actor=current_actor())
        except Refusal as refusal:
            pass_on(refusal)
            show_refusal(form, refusal, _ROOM_PLACES)
        else:
            flash(gettext("The room has been added."), "success")
            return go("sessions.venue", venue_id=venue_id)
    return _venue_page(venue_id, room_form=form), 422


@bp.route("/rooms/<room_id>/edit", methods=["GET", "POST"])
@requires("programme.manage")
def edit_room(room_id: str) -> ResponseReturnValue:
    """Change a room's name and seats."""
    actor = current_actor()
    found = queries.get_room(actor, room_id)
    form = RoomForm(data={"name": found.name, "seats": found.seats})
    if form.validate_on_submit():
        try:
            saved = services.update_room(room_id, form.name.data or "", form.seats.data, actor=actor)
        except Refusal as refusal:
            pass_on(refusal)
            show_refusal(form, refusal, _ROOM_PLACES)
            found = queries.get_room(actor, room_id)
        else:
            flash(gettext("The room has been saved."), "success")
            return go("sessions.venue", venue_id=saved.venue.public_id)
    return render_template("sessions/room_form.html", form=form, room=found), 422 if form.errors else 200


@bp.post("/rooms/<room_id>/archive")
@requires("programme.manage")
def archive_room(room_id: str) -> ResponseReturnValue:
    """Take a room out of use, or back."""
    archived = request.form.get("archived") == "1"
    room = services.archive_room(room_id, archived=archived, actor=current_actor())
    flash(gettext("The room is no longer offered.") if archived else gettext("The room is offered again."), "success")
    return go("sessions.venue", venue_id=room.venue.public_id)


def _venue_page(venue_id: str, venue_form: VenueForm | None = None, room_form: RoomForm | None = None) -> str:
    found = queries.get_venue(current_actor(), venue_id)
    if venue_form is None:
        venue_form = VenueForm(formdata=None, data={"name": found.name, "address": found.address})
    if room_form is None:
        room_form = RoomForm(formdata=None, prefix="")
    return render_template("sessions/venue.html", venue=found, form=venue_form, room_form=room_form)
