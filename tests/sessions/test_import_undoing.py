"""An import is taken back while nothing hangs on it."""

from dataclasses import replace

import pytest

from classroom.core import signals
from classroom.core.db import db
from classroom.core.errors import Invalid, Refusal
from classroom.learners.models import Learner
from classroom.sessions import services as sessions
from classroom.sessions.models import EnrolmentChange
from classroom.sessions.services import imports as services
from tests.factories import EnrolmentFactory, LearnerFactory, make_actor, make_class
from tests.support.rosters import (
    HEADINGS,
    PEOPLE,
    bring_in,
    class_list,
    confirm,
    decide,
    draft,
    learner_named,
    make_roster_class,
    names_in,
    place_of,
    refusal,
    rows_in,
    upload,
    workbook,
)

ANH, BINH, DUC = PEOPLE


@pytest.fixture
def coordinator(any_app):
    return make_actor("coordinator")


@pytest.fixture
def l01(coordinator):
    return make_roster_class(coordinator)


def test_an_undone_import_leaves_the_class_as_it_was(coordinator, l01):
    stays = EnrolmentFactory(training_class=l01).learner.name
    done = bring_in(class_list(), actor=coordinator, to=l01)
    undone = services.undo_import(done.public_id, "nhầm lớp", actor=coordinator)
    services.undo_import(done.public_id, "nhầm lớp", actor=coordinator)
    assert (undone.state, names_in(l01)) == ("undone", [stays])
    assert rows_in(Learner, Learner.annulled_at.is_(None)) == 1
    assert rows_in(EnrolmentChange, EnrolmentChange.kind == "undone") == 3
    again = bring_in(class_list(), actor=coordinator, to=l01)
    assert again.outcome["new"] == 3


def test_undoing_gives_changed_values_back_unless_changed_since(coordinator, l01):
    bring_in(class_list(), actor=coordinator, to=l01)
    revised = [(*ANH[:4], "0987654321", "Sở Tài chính"), BINH, DUC]
    done = bring_in(class_list(*revised), actor=coordinator, to=l01)
    anh = learner_named(ANH[0])
    anh.phone = "+84900000001"
    db.session.commit()
    services.undo_import(done.public_id, "nhầm", actor=coordinator)
    assert (learner_named(ANH[0]).phone, learner_named(ANH[0]).unit) == ("+84900000001", ANH[5])


def test_undoing_brings_back_who_was_moved_or_removed(coordinator, l01):
    l02 = make_class(course=l01.course, code="L02")
    bring_in(class_list(ANH), actor=coordinator, to=l02)
    bring_in(class_list(BINH), actor=coordinator, to=l01)
    made = upload(class_list(ANH), actor=coordinator, to=l01)
    seat = draft(made, coordinator).plan.removals[0].seat.public_id
    decide(made, coordinator, lambda c: replace(c, moved=frozenset([2]), removed=frozenset([seat])))
    done = confirm(made, coordinator)
    assert (names_in(l01), names_in(l02)) == ([ANH[0]], [])
    services.undo_import(done.public_id, "nhầm", actor=coordinator)
    assert (names_in(l01), names_in(l02)) == ([BINH[0]], [ANH[0]])


def test_undoing_is_refused_once_somebody_was_moved_on(coordinator, l01):
    l02 = make_class(course=l01.course, code="L02")
    done = bring_in(class_list(), actor=coordinator, to=l01)
    place = place_of(ANH[0])
    sessions.move_enrolment(place.public_id, l02.public_id, "gần nhà", actor=coordinator)
    with refusal("import.undo_changed"):
        services.undo_import(done.public_id, "nhầm", actor=coordinator)
    assert len(names_in(l01)) == 2


def test_another_room_may_forbid_undoing(coordinator, l01, monkeypatch):
    done = bring_in(class_list(), actor=coordinator, to=l01)
    asked = []

    def veto(learner_ids, enrolment_ids):
        asked.append((len(learner_ids), len(enrolment_ids)))
        raise Refusal("import.has_marks")

    monkeypatch.setattr(signals.import_undoing, "_receivers", [veto])
    with refusal("import.has_marks"):
        services.undo_import(done.public_id, "nhầm", actor=coordinator)
    assert (asked, len(names_in(l01))) == ([(3, 3)], 3)


def test_undoing_wants_a_reason(coordinator, l01):
    done = bring_in(class_list(), actor=coordinator, to=l01)
    with pytest.raises(Invalid):
        services.undo_import(done.public_id, "  ", actor=coordinator)


def test_a_number_that_somebody_else_has_by_now_is_not_given_back(coordinator, l01):
    bring_in(class_list(ANH), actor=coordinator, to=l01)
    anh, old = learner_named(ANH[0]), learner_named(ANH[0]).id_number
    revised = workbook([*HEADINGS, "Mã học viên"], (*ANH[:3], "040185099990", *ANH[4:], "", "", anh.code))
    done = bring_in(revised, actor=coordinator, to=l01)
    assert learner_named(ANH[0]).id_number == "040185099990"
    other = LearnerFactory(organisation_id=anh.organisation_id, id_number=old)
    with refusal("import.undo_number_taken"):
        services.undo_import(done.public_id, "nhầm", actor=coordinator)
    other.id_number = ""
    db.session.commit()
    services.undo_import(done.public_id, "nhầm", actor=coordinator)
    assert learner_named(ANH[0]).id_number == old
