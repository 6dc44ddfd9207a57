"""What is written down of what a tablet brings: as it came where nobody was found for it, and who held the tablet."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select

from classroom.accounts.models import Staff, StaffSession
from classroom.attendance.models import KeptItem, Scan, TabletClass, TabletItem
from classroom.core.db import db
from classroom.sessions.models import TrainingClass
from tests.attendance.tablets import Device, places, scan
from tests.factories import StaffFactory, at, sign_in, vietnam

MORNING = vietnam(7, 31)


def kept() -> list[KeptItem]:
    db.session.rollback()
    return list(db.session.scalars(select(KeptItem).order_by(KeptItem.id)))


@pytest.mark.parametrize(
    ("kind", "texts", "why"),
    [
        ("badge", {"badge": "0" * 16}, "badge.unknown"),
        ("badge", {"code": "00000000"}, "scan.code_unknown"),
        ("card", {"number": "040185099999", "name": "Ai Đó"}, "scan.card_unknown"),
        ("picked", {"enrolment": "0" * 12}, "scan.place_unknown"),
        ("unread", {"why": "truncated"}, "scan.truncated"),
    ],
)
def test_what_names_nobody_is_kept_as_it_came(
    device: Device, l01: TrainingClass, kind: str, texts: Mapping[str, str], why: str
) -> None:
    item = scan(l01, MORNING, kind, **texts)
    with at(vietnam(7, 40)):
        assert device.outcomes([item, item]) == [("refused", why)] * 2
    (one,) = kept()
    assert (one.uuid, one.kind, one.session, one.texts) == (item["uuid"], kind, l01.sessions[0].public_id, texts)
    assert db.session.get_one(Scan, one.scan_id).refusal == why


def test_whoever_is_found_needs_nothing_more(device: Device, l01: TrainingClass) -> None:
    items: list[Any] = [scan(l01, at_, enrolment=places(l01)[0].public_id) for at_ in (MORNING, vietnam(5), vietnam(9))]
    with at(vietnam(7, 40)):
        assert [one for one, _ in device.outcomes(items)] == ["accepted", "refused", "quarantined"]
    assert kept() == []


def test_what_cannot_be_read_is_kept_once_and_cut(device: Device) -> None:
    poison = {"uuid": "12345678", "kind": "picked", "enrolment": "\ud800\0" + "x" * 9000}
    with at(vietnam(7, 40)):
        device.send([poison, poison, "\ud800", None])
    first, second, third = kept()
    assert first.uuid == "12345678"
    assert first.texts is not None
    assert '"enrolment": "\\ud800\\u0000xxx' in first.texts["sent"]
    assert len(first.texts["sent"]) == 4000
    assert (second.texts, third.texts) == ({"sent": '"\\ud800"'}, {"sent": "null"})


def test_the_personal_part_can_be_erased_and_the_row_stays(device: Device, l01: TrainingClass) -> None:
    with at(vietnam(7, 40)):
        device.send([scan(l01, MORNING, "card", number="040185099999", name="Ai Đó")])
    kept()[0].texts = None
    db.session.commit()
    (one,) = kept()
    assert (one.texts, one.kind) == (None, "card")
    answers = db.session.scalars(select(TabletItem.answer)).all()
    assert "Ai Đó" not in str([*answers, *db.session.scalars(select(Scan.answer))])


def test_only_who_fetched_the_lists_or_is_signed_in_held_the_tablet(
    device: Device, trainer: Staff, l01: TrainingClass
) -> None:
    colleague = StaffFactory(role_names=("trainer",), organisation=trainer.organisation)
    elsewhere = StaffFactory(role_names=("trainer",))
    who = [trainer, colleague, elsewhere]
    names, keys = [one.public_id for one in who], [one.id for one in who]
    place = places(l01)[0].public_id

    def send() -> list[int | None]:
        items = [scan(l01, MORNING, enrolment=place, staff=name) for name in (*names, "", "x")]
        items.append(scan(l01, MORNING, "unread", why="foreign", staff=names[1]))
        device.send(items)
        db.session.rollback()
        latest = select(Scan.staff_id).order_by(Scan.id.desc()).limit(len(items))
        return list(reversed(db.session.scalars(latest).all()))

    with at(vietnam(7, 40)):
        device.client.post("/sign-out")
        assert send() == [keys[0], None, None, None, None, None]
        sign_in(device.client, db.session.get_one(Staff, keys[1]))
        assert send() == [keys[0], keys[1], None, None, None, keys[1]]


def test_what_was_scanned_before_a_colleague_fetched_the_same_list_keeps_the_name_of_who_held_the_tablet(
    device: Device, trainer: Staff, l01: TrainingClass
) -> None:
    first, colleague = trainer.public_id, StaffFactory(role_names=("coordinator",), organisation=trainer.organisation)
    keys = [trainer.id, colleague.id]
    queued = scan(l01, MORNING, enrolment=places(l01)[0].public_id, staff=first)
    own = scan(l01, MORNING, enrolment=places(l01)[1].public_id, staff=colleague.public_id)
    with at(vietnam(7, 40)):
        device.client.post("/sign-out")
        sign_in(device.client, colleague)
        for _ in range(2):
            assert device.ask("rosters", classes=[l01.public_id]).status_code == 200
        device.send([queued, own])
    assert db.session.scalars(select(Scan.staff_id).order_by(Scan.id)).all() == keys
    rows = select(TabletClass.staff_id).where(TabletClass.class_id == l01.id).order_by(TabletClass.id)
    assert db.session.scalars(rows).all() == keys


def test_what_a_tablet_sends_by_itself_keeps_no_sign_in_alive(device: Device, l01: TrainingClass) -> None:
    def last_seen() -> Any:
        db.session.rollback()
        return db.session.scalar(select(StaffSession.last_seen_at))

    before = last_seen()
    with at(vietnam(7, 40)):
        device.send([scan(l01, MORNING, enrolment=places(l01)[0].public_id)])
        assert last_seen() == before
        device.client.get("/tablet/state")
        assert last_seen() == vietnam(7, 40)
