"""Drill 8: tablets scan offline, lose answers, repeat, reorder, sync, are revoked: model and database say the same."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select

from classroom.attendance.models import Mark, Scan, TabletItem
from classroom.attendance.rules import Item, read_item
from classroom.attendance.services.tablets import receiving
from classroom.core.db import db
from classroom.sessions.models import Enrolment
from tests.attendance.tablets import Device, make_taught, make_trainer, places, scan
from tests.factories import at, vietnam

MORNING = vietnam(7, 30)
TABLETS, LEARNERS = 2, 3
HOW = settings(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)

#: A control need only fail once; nobody wants to know the smallest way to it.
CONTROL = settings(HOW, phases=[Phase.generate], report_multiple_bugs=False)


@dataclass
class Known:
    """What the model knows of one item: when it was, whose, and what the server has made of it."""

    item: dict[str, Any]
    learner: int
    at: datetime
    target: str = ""
    #: "" until the server has had it for the first time; then "counts", "undoes", "waits" (quarantined) or "refused".
    became: str = ""


@dataclass
class Queue:
    """A tablet with what it still has to deliver, and everything it ever scanned."""

    device: Device
    waiting: list[Known] = field(default_factory=list)
    all: list[Known] = field(default_factory=list)
    revoked: bool = False


class Tablets(RuleBasedStateMachine):
    """Runs over an application that stays; every run has a class and tablets of its own."""

    app: Flask

    def __init__(self) -> None:
        super().__init__()
        self.minutes = 0
        trainer = make_trainer()
        with at(vietnam(7)):
            self.made = make_taught(trainer, days=1, learners=LEARNERS)
            self.queues = [Queue(Device(self.app, trainer, self.made, name=f"Máy {n}")) for n in range(TABLETS)]
        self.places: list[Enrolment] = places(self.made)
        self.names = [place.public_id for place in self.places]
        self.keys = [place.id for place in self.places]

    @rule(tablet=st.integers(0, TABLETS - 1), learner=st.integers(0, LEARNERS - 1), ago=st.integers(0, 9))
    def scan(self, tablet: int, learner: int, ago: int) -> None:
        self.minutes += 1
        when = MORNING + timedelta(minutes=max(0, self.minutes - ago))
        item = scan(self.made, when, enrolment=self.names[learner])
        self._add(tablet, Known(item, learner, when))

    @precondition(lambda self: any(queue.all for queue in self.queues))
    @rule(tablet=st.integers(0, TABLETS - 1), which=st.integers(0, 99))
    def undo(self, tablet: int, which: int) -> None:
        scans = [known for known in self.queues[tablet].all if not known.target]
        if scans:
            target = scans[which % len(scans)]
            when = MORNING + timedelta(minutes=self.minutes)
            item = scan(self.made, when, "undo", target=target.item["uuid"])
            self._add(tablet, Known(item, target.learner, when, target.item["uuid"]))

    @rule(tablet=st.integers(0, TABLETS - 1), order=st.randoms(use_true_random=False), lost=st.booleans())
    def sync(self, tablet: int, order: Any, lost: bool) -> None:
        some = list(self.queues[tablet].waiting)
        order.shuffle(some)
        self._deliver(self.queues[tablet], some, lost=lost)

    @rule(tablet=st.integers(0, TABLETS - 1), order=st.randoms(use_true_random=False))
    def repeat(self, tablet: int, order: Any) -> None:
        """A browser that came back from a backup sends again what was delivered long ago."""
        old = [known for known in self.queues[tablet].all if known.became]
        if old:
            self._deliver(self.queues[tablet], [order.choice(old) for _ in range(3)], lost=True)

    @precondition(lambda self: self.minutes > 6 and not self.queues[0].revoked)
    @rule()
    def revoke(self) -> None:
        self.queues[0].device.revoke()
        self.queues[0].revoked = True

    def teardown(self) -> None:
        for queue in self.queues:
            for _ in range(3):
                self._deliver(queue, list(queue.waiting), lost=False)
            assert queue.waiting == []
        self._compare()

    def _add(self, tablet: int, known: Known) -> None:
        self.queues[tablet].waiting.append(known)
        self.queues[tablet].all.append(known)

    def _deliver(self, queue: Queue, some: list[Known], *, lost: bool) -> None:
        with at(MORNING + timedelta(hours=2)):
            answers = queue.device.send([known.item for known in some])
        for known, answer in zip(some, answers, strict=True):
            self._learn(queue, known)
            assert answer["final"] == bool(known.became), answer
            if answer["final"] and not lost and known in queue.waiting:
                queue.waiting.remove(known)

    def _learn(self, queue: Queue, known: Known) -> None:
        if known.became:
            return
        if not known.target:
            known.became = "waits" if queue.revoked else "counts"
            return
        target = next(one.became for one in queue.all if one.item["uuid"] == known.target)
        if target:
            known.became = "refused" if queue.revoked and target == "counts" else "undoes"

    def _compare(self) -> None:
        db.session.rollback()
        every = [known for queue in self.queues for known in queue.all]
        sent = db.session.scalars(
            select(TabletItem.uuid).where(TabletItem.tablet_id.in_([one.device.tablet.id for one in self.queues]))
        ).all()
        assert sorted(sent) == sorted(known.item["uuid"] for known in every)
        undone = {known.target for known in every if known.became == "undoes"}
        for learner, key in enumerate(self.keys):
            own = [known for known in every if known.learner == learner and known.became == "counts"]
            counting = [known.at for known in own if known.item["uuid"] not in undone]
            row = db.session.execute(select(Mark.status, Mark.arrived_at).where(Mark.enrolment_id == key)).first()
            if counting:
                assert row is not None
                assert row.arrived_at == min(counting)
            else:
                assert row is None or row.status == "unmarked"
            scans = [known for known in every if known.learner == learner and not known.target]
            count = db.session.scalar(select(func.count(Scan.id)).where(Scan.enrolment_id == key))
            assert count == len(scans)


def machine_for(app: Flask) -> type[RuleBasedStateMachine]:
    return type("TabletsOfThisTest", (Tablets,), {"app": app})


def test_whatever_the_network_does_the_database_says_what_the_model_says(app: Flask) -> None:
    run_state_machine_as_test(machine_for(app), settings=HOW)


@pytest.mark.parametrize("forget", ["uuid", "order"])
def test_control_a_server_that_forgets_what_it_had_is_caught(
    app: Flask, monkeypatch: pytest.MonkeyPatch, forget: str
) -> None:
    def without_uuid(sent: Any) -> Item:
        return replace(read_item(sent), uuid=str(uuid4()))

    def latest_counts(*given: Any, **named: Any) -> Any:
        item = read_item(*given, **named)
        return replace(item, device_at=MORNING + timedelta(hours=1)) if item.kind == "picked" else item

    broken: Callable[..., Item] = without_uuid if forget == "uuid" else latest_counts
    monkeypatch.setattr(receiving, "read_item", broken)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine_for(app), settings=CONTROL)
