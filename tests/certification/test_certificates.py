"""What becomes of a certificate: revoked, restored, replaced, spoiled, merged; each with its reason."""

import itertools
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from classroom.certification.models import Certificate, CertificateEvent, IssueBatch
from classroom.certification.queries.batches import count_lines, lines
from classroom.certification.queries.certificates import Wanted, count_found, search
from classroom.certification.queries.printed import setting_of
from classroom.certification.queries.stale import differences
from classroom.certification.services import approving, drafting, issuing, revoking
from classroom.certification.services.reissuing import reissue
from classroom.certification.services.revoking import ByDecision
from classroom.core.actor import Actor
from classroom.core.clock import today
from classroom.core.db import db
from classroom.core.errors import Invalid, Refusal
from classroom.learners.models import Learner, LearnerMerge
from classroom.learners.services import foresee_merge, merge_learners, split_learners
from classroom.online.services.matching import match_records, same
from classroom.sessions.models import Course
from tests.factories import LONG_AGO, LearnerFactory, make_actor
from tests.support.issueroom import (
    approved,
    certificates,
    decision,
    draft,
    issued,
    passes,
    people_who_pass,
    quiet,
    revoked,
)
from tests.support.matching import case_of, make_intake, person, record


def one_of(course: Course, actor: Actor, count: int = 1) -> Certificate:
    people_who_pass(course, count)
    issued(course, actor)
    return certificates(course)[0]


def paper(actor: Actor, reason: str = "Cấp sai đối tượng") -> ByDecision:
    return ByDecision(reason, "7/QĐ-SKHCN", today(actor.time_zone))


def happened(one: Certificate) -> list[str]:
    query = select(CertificateEvent.kind).where(CertificateEvent.certificate_id == one.id)
    return list(db.session.scalars(query.order_by(CertificateEvent.id)))


def bring_through(batch: IssueBatch, actor: Actor) -> None:
    approving.submit_batch(batch.public_id, decision(actor), actor=actor)
    approving.approve_batch(batch.public_id, actor=actor)
    issuing.issue_lines(batch.id, quiet, actor=actor)


def refresh(batch: IssueBatch, actor: Actor) -> None:
    drafting.refresh_batch(batch.public_id, actor=actor)
    drafting.fill_batch(batch.id, quiet)


def test_revoke_says_why_and_frees_nothing_but_the_person(course: Course, actor: Actor) -> None:
    one = one_of(course, actor)

    revoking.revoke(one.public_id, paper(actor), actor=actor)

    again = certificates(course)[0]
    assert (again.state, again.revoke_reason, again.number) == ("revoked", "Cấp sai đối tượng", one.number)
    assert happened(again) == ["issued", "revoked"]
    with pytest.raises(Refusal, match=r"certificate\.state"):
        revoking.revoke(one.public_id, paper(actor), actor=actor)


def test_unrevoke_by_decision(course: Course, actor: Actor) -> None:
    one = one_of(course, actor)
    revoking.revoke(one.public_id, paper(actor), actor=actor)
    with pytest.raises(Invalid, match=r"decision\.no_number"):
        revoking.restore(one.public_id, ByDecision("Khiếu nại đúng", "", None), actor=actor)

    revoking.restore(one.public_id, paper(actor, "Khiếu nại đúng"), actor=actor)

    again = certificates(course)[0]
    assert (again.state, again.revoked_at, again.revoke_reason) == ("issued", None, "")
    assert happened(again) == ["issued", "revoked", "restored"]


def test_unrevoke_is_refused_when_another_certificate_took_its_place(course: Course, actor: Actor) -> None:
    one = one_of(course, actor)
    revoking.revoke(one.public_id, paper(actor), actor=actor)
    batch = draft(course, actor)
    drafting.take_in(batch.public_id, learner_of(one).public_id, actor=actor)
    bring_through(batch, actor)

    with pytest.raises(Refusal, match=r"certificate\.has_living"):
        revoking.restore(one.public_id, paper(actor), actor=actor)
    assert [each.state for each in certificates(course)] == ["revoked", "issued"]


def test_void_number_keeps_its_row_and_its_reason(course: Course, actor: Actor) -> None:
    one = one_of(course, actor)

    revoking.void(one.public_id, "Phôi in hỏng", actor=actor)
    issued(course, actor)

    first, second = certificates(course)
    assert (first.state, first.void_reason, first.serial) == ("void", "Phôi in hỏng", 1)
    assert (second.state, second.serial, second.learner_id) == ("issued", 2, one.learner_id)


def test_what_was_handed_out_cannot_be_void(course: Course, actor: Actor) -> None:
    one = one_of(course, actor)
    revoking.hand_out(one.public_id, "", actor=actor)

    with pytest.raises(Refusal, match=r"certificate\.handed_out"):
        revoking.void(one.public_id, "Phôi in hỏng", actor=actor)
    revoking.take_back(one.public_id, "Ghi nhầm", actor=actor)
    revoking.void(one.public_id, "Phôi in hỏng", actor=actor)

    assert happened(one) == ["issued", "handed_out", "taken_back", "voided"]


def test_rename_then_reissue_then_revoke(course: Course, actor: Actor) -> None:
    one = one_of(course, actor, 2)
    learner = db.session.get_one(Learner, one.learner_id)
    before = one.facts["name"]
    with pytest.raises(Refusal, match=r"certificate\.same_facts"):
        reissue(one.public_id, "facts", "Sai họ tên", actor=actor)
    learner.name = "Nguyễn Thị Ánh Tuyết"
    db.session.commit()
    assert certificates(course)[0].facts["name"] == before, "a rename changes no certificate"

    batch = reissue(one.public_id, "facts", "Sai họ tên", actor=actor)
    with pytest.raises(Refusal, match=r"certificate\.reissue_open"):
        reissue(one.public_id, "lost", "Mất", actor=actor)
    bring_through(batch, actor)

    old, _other, new = certificates(course)
    assert (old.state, new.state, new.serial) == ("replaced", "issued", 3)
    assert (old.replaced_by_id, new.replaces_id) == (new.id, old.id)
    assert (old.facts["name"], new.facts["name"]) == (before, "Nguyễn Thị Ánh Tuyết")
    assert new.facts["group"] == old.facts["group"]
    assert happened(old) == ["issued", "replaced"]
    revoking.revoke(new.public_id, paper(actor), actor=actor)
    assert [each.state for each in certificates(course)] == ["replaced", "issued", "revoked"]


def test_a_lost_paper_is_replaced_though_nothing_else_is_new(course: Course, actor: Actor) -> None:
    one = one_of(course, actor)
    bring_through(reissue(one.public_id, "lost", "Mất do mưa lũ", actor=actor), actor)

    old, new = certificates(course)
    assert (old.state, new.state, old.code == new.code) == ("replaced", "issued", False)
    assert new.facts["name"] == old.facts["name"]


def test_a_reissue_of_what_was_revoked_meanwhile_takes_no_number(course: Course, actor: Actor) -> None:
    one = one_of(course, actor)
    batch = reissue(one.public_id, "lost", "Mất", actor=actor)
    approving.submit_batch(batch.public_id, decision(actor), actor=actor)
    approving.approve_batch(batch.public_id, actor=actor)
    revoking.revoke(one.public_id, paper(actor), actor=actor)

    issuing.issue_lines(batch.id, quiet, actor=actor)

    assert [each.state for each in certificates(course)] == ["revoked"]


def test_only_who_may_approve_revokes(course: Course, actor: Actor) -> None:
    one = one_of(course, actor)
    for act in (revoking.revoke, revoking.restore):
        with pytest.raises(Refusal):
            act(one.public_id, paper(actor), actor=make_actor("viewer"))


# --- two certificates of one person ---


def two_holders(course: Course, actor: Actor) -> tuple[Certificate, Certificate]:
    people_who_pass(course, 1)
    issued(course, actor)
    people_who_pass(course, 1)
    issued(course, actor)
    first, second = certificates(course)
    return first, second


def learner_of(one: Certificate) -> Learner:
    return db.session.get_one(Learner, one.learner_id)


@pytest.mark.parametrize(("stays", "states"), [("", ["replaced", "issued"]), ("kept", ["issued", "replaced"])])
def test_merging_two_holders_asks_which_certificate_is_replaced(
    course: Course, actor: Actor, stays: str, states: list[str]
) -> None:
    first, second = two_holders(course, actor)
    kept, gone = learner_of(first), learner_of(second)

    conflict = next(one for one in foresee_merge(kept, gone) if one.code == "two_certificates")
    assert (conflict.details["kept"], conflict.details["stays"]) == (first.number, "gone")
    choices = {conflict.details["choice"]: stays} if stays else {}
    merge_learners(kept.public_id, gone.public_id, "một người", actor=actor, choices=choices)

    found = certificates(course)
    assert [each.state for each in found] == states
    assert {each.learner_id for each in found} == {kept.id}
    loser, winner = sorted(found, key=lambda each: each.state == "issued")
    assert (loser.replaced_by_id, winner.replaces_id) == (winner.id, loser.id)


def test_a_split_restores_both_certificates(course: Course, actor: Actor) -> None:
    first, second = two_holders(course, actor)
    before = [(each.id, each.state, each.learner_id, each.replaces_id) for each in (first, second)]
    merge_learners(learner_of(first).public_id, learner_of(second).public_id, "một người", actor=actor)

    stays = split_learners(db.session.scalars(select(LearnerMerge.public_id)).one(), "hai người", actor=actor)

    assert stays == []
    assert [(each.id, each.state, each.learner_id, each.replaces_id) for each in certificates(course)] == before


def test_neither_the_queue_nor_the_machine_chooses_between_two_certificates(course: Course, actor: Actor) -> None:
    intake = make_intake(actor, course=course)
    phone = {"phone": "+84912345678"}
    made = record(intake, "Nguyễn Thị Ánh", "1985-03-07", **phone)
    match_records(actor.organisation_id, actor=actor)
    db.session.expire_all()
    made.linked_at = made.linked_at - timedelta(days=400)
    late = person(actor, "Nguyễn Thị Ánh", "1985-03-07", **phone)
    late.created_at = made.linked_at + timedelta(days=1)
    db.session.commit()
    passes(course, made.learner)
    passes(course, late)
    issued(course, actor)

    match_records(actor.organisation_id, actor=actor)
    db.session.expire_all()
    case = case_of(made)
    assert case is not None
    with pytest.raises(Refusal, match=r"match\.choice_needed"):
        same(case.public_id, late.public_id, actor=actor)
    assert [one.state for one in certificates(course)] == ["issued", "issued"]


def test_who_had_one_revoked_is_left_out_of_the_next_batch_until_taken_in_by_hand(course: Course, actor: Actor) -> None:
    one = one_of(course, actor, 2)
    learner = learner_of(one).public_id
    revoking.revoke(one.public_id, paper(actor), actor=actor)
    people_who_pass(course, 1)
    batch = draft(course, actor)
    assert [(line.learner_id, line.left_out) for line in lines(batch.id, show="left_out")] == [(learner, "revoked")]
    refresh(batch, actor)
    assert (count_lines(batch.id).issuing, count_lines(batch.id).left_out) == (1, {"revoked": 1})

    drafting.take_in(batch.public_id, learner, actor=actor)
    for _ in range(2):
        assert [line.learner_id for line in lines(batch.id, show="revoked")] == [learner]
        refresh(batch, actor)
    assert (count_lines(batch.id).issuing, count_lines(batch.id).left_out) == (2, {})
    bring_through(batch, actor)
    assert [each.state for each in certificates(course)] == ["revoked", "issued", "issued", "issued"]


def test_who_had_one_revoked_is_left_out_with_a_reason_that_stays(course: Course, actor: Actor) -> None:
    one = one_of(course, actor)
    learner = learner_of(one).public_id
    revoking.revoke(one.public_id, paper(actor), actor=actor)
    batch = draft(course, actor)
    with pytest.raises(Refusal, match=r"batch\.empty"):
        approving.submit_batch(batch.public_id, decision(actor), actor=actor)
    drafting.leave_out(batch.public_id, learner, "Đang khiếu nại", actor=actor)
    refresh(batch, actor)
    assert [(line.left_out, line.note) for line in lines(batch.id)] == [("by_hand", "Đang khiếu nại")]


def test_who_had_one_revoked_since_the_draft_is_left_out_when_it_is_refreshed(course: Course, actor: Actor) -> None:
    people_who_pass(course, 1)
    first = approved(course, actor)
    second = draft(course, actor)
    issuing.issue_lines(first.id, quiet, actor=actor)
    revoking.revoke(certificates(course)[0].public_id, paper(actor), actor=actor)
    assert [line.left_out for line in lines(second.id)] == [""]
    refresh(second, actor)
    assert [line.left_out for line in lines(second.id)] == ["revoked"]


def test_nothing_is_made_anew_for_who_was_erased(course: Course, actor: Actor) -> None:
    one, other = (certificates(course) if one_of(course, actor, 2) else [])[:2]
    revoking.revoke(other.public_id, paper(actor), actor=actor)
    for each in (one, other):
        db.session.get_one(Certificate, each.id).erased_at = LONG_AGO
    db.session.commit()
    with pytest.raises(Refusal, match=r"certificate\.erased"):
        reissue(one.public_id, "lost", "Mất", actor=actor)
    with pytest.raises(Refusal, match=r"certificate\.erased"):
        revoking.restore(other.public_id, paper(actor), actor=actor)


def test_who_was_certified_and_revoked_since_the_draft_is_not_certified_by_it(course: Course, actor: Actor) -> None:
    people_who_pass(course, 1)
    batch = draft(course, actor)
    approving.submit_batch(batch.public_id, decision(actor), actor=actor)
    issued(course, actor)
    assert differences(batch, setting_of(course)).counts == {"certified": 1}
    revoked(course, actor)
    assert differences(batch, setting_of(course)).counts == {"revoked": 1}
    with pytest.raises(Refusal, match=r"batch\.stale"):
        approving.approve_batch(batch.public_id, actor=actor)
    approving.take_back_batch(batch.public_id, actor=actor)
    drafting.refresh_batch(batch.public_id, actor=actor)
    drafting.fill_batch(batch.id, quiet)
    db.session.expire_all()
    assert differences(db.session.get_one(IssueBatch, batch.id), setting_of(course)).count == 0
    assert count_lines(batch.id).left_out == {"revoked": 1}


# --- finding ---


def test_certificates_are_found_by_number_name_unit_code_and_state(course: Course, actor: Actor) -> None:
    names = ("Đặng Thị Hoà", "Nguyễn Văn An", "Bùi Văn Lan")
    for name in names:
        passes(course, LearnerFactory(organisation_id=course.organisation_id, name=name, born_on=date(1980, 2, 3)))
    issued(course, actor)
    first = certificates(course)[0]
    organisation = course.organisation_id

    def found(**wanted: Any) -> list[str]:
        assert count_found(organisation, Wanted(**wanted)) == len(search(organisation, Wanted(**wanted)))
        return [each.facts["name"] for each in search(organisation, Wanted(**wanted))]

    assert found(text="dang thi hoa") == ["Đặng Thị Hoà"]
    assert found(text=first.number) == found(text=first.code) == found(text="1") == ["Nguyễn Văn An"]
    assert found(unit="do luong", text="van") == ["Bùi Văn Lan", "Nguyễn Văn An"]
    assert found(state="revoked") == found(text="99") == []


def test_pages_of_a_search_meet_without_a_gap(course: Course, actor: Actor) -> None:
    one_of(course, actor, 5)
    pages: list[int] = []
    before = None
    for _ in itertools.repeat(None, 3):
        page = search(course.organisation_id, Wanted(), before=before, limit=2)
        pages += [each.serial for each in page]
        before = (page[-1].year, page[-1].serial)
    assert pages == [5, 4, 3, 2, 1]
