"""Questions are asked once, decided once, and can be taken back for a moment."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import Forbidden, Invalid, NotFound, Refusal
from classroom.inbox import queries, services
from classroom.inbox.models import InboxItem
from classroom.inbox.rules import Decision, Facts, Kind, Wording
from tests.factories import at, make_actor, vietnam

done: list[str] = []


def carry_out(facts: Facts, actor: Actor) -> Facts:
    done.append(f"did {facts['what']} for {actor.staff_id}")
    return {"receipt": 7}


def take_back(facts: Facts, receipt: Facts, actor: Actor) -> None:
    done.append(f"undid {facts['what']} by receipt {receipt['receipt']}")


def refuse(facts: Facts, receipt: Facts, actor: Actor) -> None:
    raise Refusal("inbox.something_followed")


@pytest.fixture(autouse=True)
def kind() -> Iterator[None]:
    done.clear()
    services.register_kind(
        Kind(
            "test.question",
            "Questions of the tests",
            lambda asked: [Wording(facts["what"]) for facts in asked],
            (
                Decision("yes", "Yes", carry_out, take_back),
                Decision("no", "No"),
                Decision("final", "For good", carry_out, refuse),
            ),
        )
    )
    return


@pytest.fixture
def coordinator(any_app: Flask) -> Actor:
    return make_actor("coordinator")


def ask(actor: Actor, key: str = "1", what: str = "something") -> InboxItem:
    services.ask("test.question", key, organisation_id=actor.organisation_id, class_id=None, facts={"what": what})
    return db.session.query(InboxItem).filter_by(key=key, organisation_id=actor.organisation_id).one()


def waiting(actor: Actor) -> list[str]:
    db.session.rollback()
    return [item.key for item in queries.open_items(actor.organisation_id)]


def test_the_same_question_is_asked_once(coordinator: Actor) -> None:
    ask(coordinator)
    ask(coordinator, what="something else")
    assert [item.facts for item in queries.open_items(coordinator.organisation_id)] == [{"what": "something"}]


def test_the_oldest_question_comes_first(coordinator: Actor) -> None:
    for minute, key in enumerate(("a", "c", "b")):
        with at(vietnam(8, minute)):
            ask(coordinator, key)
    assert waiting(coordinator) == ["a", "c", "b"]


def test_a_decision_is_carried_out_once_however_often_it_is_sent(coordinator: Actor) -> None:
    item = ask(coordinator)
    services.decide(item.public_id, "yes", actor=coordinator)
    services.decide(item.public_id, "yes", actor=coordinator)
    assert done == [f"did something for {coordinator.staff_id}"]
    assert waiting(coordinator) == []


def test_another_decision_on_a_decided_question_is_refused(coordinator: Actor) -> None:
    item = ask(coordinator)
    services.decide(item.public_id, "no", actor=coordinator)
    with pytest.raises(Refusal, match=r"inbox\.decided"):
        services.decide(item.public_id, "yes", actor=coordinator)
    assert done == []


def test_a_decision_that_the_kind_does_not_know_changes_nothing(coordinator: Actor) -> None:
    item = ask(coordinator)
    with pytest.raises(Invalid):
        services.decide(item.public_id, "perhaps", actor=coordinator)
    assert waiting(coordinator) == ["1"]


def test_a_decision_taken_back_asks_the_question_again(coordinator: Actor) -> None:
    item = ask(coordinator)
    services.decide(item.public_id, "yes", actor=coordinator)
    services.take_back(item.public_id, actor=coordinator)
    assert done[-1] == "undid something by receipt 7"
    assert waiting(coordinator) == ["1"]
    assert queries.get_item(coordinator.organisation_id, item.public_id).facts == {"what": "something"}


def test_what_something_followed_from_stays_decided(coordinator: Actor) -> None:
    item = ask(coordinator)
    services.decide(item.public_id, "final", actor=coordinator)
    with pytest.raises(Refusal, match="something_followed"):
        services.take_back(item.public_id, actor=coordinator)
    assert waiting(coordinator) == []


def test_after_half_a_minute_it_is_too_late_to_take_back(coordinator: Actor) -> None:
    moment = vietnam(8)
    with at(moment):
        item = ask(coordinator)
        services.decide(item.public_id, "no", actor=coordinator)
    with at(moment + timedelta(seconds=31)), pytest.raises(Refusal, match="too_late"):
        services.take_back(item.public_id, actor=coordinator)


def test_nobody_takes_back_what_another_has_decided(coordinator: Actor) -> None:
    item = ask(coordinator)
    services.decide(item.public_id, "no", actor=coordinator)
    other = Actor("staff", coordinator.organisation_id, 999_999, permissions=coordinator.permissions)
    with pytest.raises(Refusal, match="not_yours"):
        services.take_back(item.public_id, actor=other)


def test_another_organisations_question_does_not_exist(coordinator: Actor) -> None:
    item = ask(coordinator)
    with pytest.raises(NotFound):
        services.decide(item.public_id, "yes", actor=make_actor("coordinator"))


def test_a_viewer_decides_nothing(coordinator: Actor) -> None:
    item = ask(coordinator)
    with pytest.raises(Forbidden):
        services.decide(item.public_id, "yes", actor=make_actor("viewer"))


def test_a_pointless_question_is_withdrawn_but_a_decided_one_is_kept(coordinator: Actor) -> None:
    open_one, decided = (ask(coordinator, key).public_id for key in ("1", "2"))
    services.decide(decided, "no", actor=coordinator)
    for key in ("1", "2"):
        services.withdraw("test.question", key, organisation_id=coordinator.organisation_id)
    found = queries.find_item
    assert found(coordinator.organisation_id, open_one) is None
    assert found(coordinator.organisation_id, decided) is not None
