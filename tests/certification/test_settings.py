"""How an organisation numbers its certificates, who approves, and where they are verified."""

import pytest

from classroom.accounts.models import Organisation
from classroom.certification.services import approving
from classroom.certification.services.numbering import NewSettings, change_settings
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import Invalid, Refusal
from classroom.sessions.models import Course
from tests.factories import make_actor
from tests.support.issueroom import certificates, decision, draft, issued, numbered, people_who_pass


@pytest.fixture
def administrator(course: Course) -> Actor:
    return make_actor("administrator", organisation=db.session.get_one(Organisation, course.organisation_id))


def test_a_setting_frees_nobody_to_approve_what_they_submitted(
    course: Course, actor: Actor, administrator: Actor
) -> None:
    numbered(actor, four_eyes=True)
    people_who_pass(course, 1)
    batch = draft(course, actor)
    approving.submit_batch(batch.public_id, decision(actor), actor=actor)
    with pytest.raises(Refusal, match=r"number\.four_eyes_waits"):
        numbered(administrator, four_eyes=False)
    with pytest.raises(Refusal, match=r"batch\.four_eyes"):
        approving.approve_batch(batch.public_id, actor=actor)


def test_who_would_approve_alone_does_not_free_themselves(actor: Actor, administrator: Actor) -> None:
    numbered(actor, four_eyes=True)
    with pytest.raises(Refusal, match=r"number\.four_eyes_administrator"):
        numbered(actor, four_eyes=False)
    numbered(actor, "SKHCN-NA", four_eyes=True)
    numbered(administrator)
    numbered(actor)


def settings(pattern: str, code: str = "SKHCN") -> NewSettings:
    return NewSettings(pattern, code, four_eyes=False, verify_url="")


def test_a_pattern_that_would_give_a_number_again_is_refused(course: Course, actor: Actor) -> None:
    change_settings(settings("1{serial:3}/{year}"), actor=actor)
    people_who_pass(course, 1)
    issued(course, actor)
    (one,) = certificates(course)

    with pytest.raises(Refusal) as refused:
        change_settings(settings("{serial}/{year}"), actor=actor)
    assert (refused.value.code, refused.value.details) == ("number.clash", {"number": one.number})
    assert change_settings(settings("{serial:5}/{year}"), actor=actor)


def test_a_pattern_stays_while_numbers_are_given(course: Course, actor: Actor) -> None:
    people_who_pass(course, 1)
    batch = draft(course, actor)
    approving.submit_batch(batch.public_id, decision(actor), actor=actor)
    approving.approve_batch(batch.public_id, actor=actor)

    with pytest.raises(Refusal, match=r"number\.issuing"):
        change_settings(settings("{serial}/{year}"), actor=actor)


def test_a_host_for_verification_must_be_an_address(course: Course, actor: Actor) -> None:
    for wrong in ("ftp://x.vn", "https://", "https://a b.vn", "https://x.vn/?q=1", "x.vn"):
        with pytest.raises(Invalid, match=r"verify\.address"):
            change_settings(NewSettings("{serial}/{year}", "", four_eyes=False, verify_url=wrong), actor=actor)
    good = NewSettings("{serial}/{year}", "", four_eyes=False, verify_url="https://xac-minh.example.vn/ ")
    assert change_settings(good, actor=actor)
    assert not change_settings(good, actor=actor), "nothing new is nothing to tell"
