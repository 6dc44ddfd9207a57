"""Two people at the same moment, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from classroom.accounts import queries, services
from classroom.accounts.models import StaffSession
from classroom.accounts.rules import SIGN_IN_TRIES, Role
from classroom.accounts.services import StaffFacts
from classroom.core.actor import system
from classroom.core.db import db
from classroom.core.errors import Refusal
from tests.accounts.conftest import HASHED, PASSWORD
from tests.factories import OrganisationFactory, StaffFactory, actor_for


def at_once(app: Flask, *jobs: Callable[[], Any]) -> list[str]:
    """Run the jobs together; "ok" or the refusal's code for each."""
    barrier = Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> str:
        with app.app_context():
            barrier.wait()
            try:
                job()
            except Refusal as refusal:
                return refusal.code
            finally:
                db.session.remove()
            return "ok"

    db.session.remove()
    with ThreadPoolExecutor(len(jobs)) as pool:
        return sorted(pool.map(run, jobs))


def test_two_administrators_who_demote_each_other_leave_one(any_app: Flask) -> None:
    for _ in range(5):
        organisation = OrganisationFactory()
        pair = [StaffFactory(organisation=organisation, role_names=("administrator",)) for _ in range(2)]
        key, ids, actors = organisation.id, [one.public_id for one in pair], [actor_for(one) for one in pair]
        facts = StaffFacts("Ai Đó", roles={Role.VIEWER: None})
        done = at_once(
            any_app,
            lambda: services.edit_staff(ids[0], facts, actor=actors[1]),  # noqa: B023 - run before the next round
            lambda: services.edit_staff(ids[1], facts, actor=actors[0]),  # noqa: B023
        )
        assert done == ["account.last_administrator", "ok"]
        assert queries.count_lasting_administrators(key) == 1


def test_two_administrators_who_switch_each_other_off_leave_one(any_app: Flask) -> None:
    organisation = OrganisationFactory()
    pair = [StaffFactory(organisation=organisation, role_names=("administrator",)) for _ in range(2)]
    key, ids, actors = organisation.id, [one.public_id for one in pair], [actor_for(one) for one in pair]
    done = at_once(
        any_app,
        lambda: services.switch_off_staff(ids[0], "thử", actor=actors[1]),
        lambda: services.switch_off_staff(ids[1], "thử", actor=actors[0]),
    )
    assert done == ["account.last_administrator", "ok"]
    assert queries.count_lasting_administrators(key) == 1


def test_a_link_used_twice_at_once_lets_one_in(any_app: Flask) -> None:
    person = StaffFactory()
    staff_id = person.id
    token = services.make_link(person, actor=system(person.organisation_id))
    done = at_once(any_app, *[lambda n=n: services.use_link(token, f"con số {n} thật dài") for n in range(4)])
    assert done == ["account.link_unusable"] * 3 + ["ok"]
    sessions = select(func.count(StaffSession.id)).where(StaffSession.staff_id == staff_id)
    assert db.session.scalar(sessions) == 1


def test_one_user_name_is_given_once(any_app: Flask) -> None:
    organisation = OrganisationFactory()
    key, actor = organisation.id, system(organisation.id)
    jobs = [lambda: services.create_staff(key, "an.tran", "Trần An", {Role.VIEWER: None}, actor=actor)] * 4
    assert at_once(any_app, *jobs) == ["account.username_taken"] * 3 + ["ok"]


def test_many_guesses_at_once_count_as_many(any_app: Flask) -> None:
    StaffFactory(username="lan.nguyen", password_hash=HASHED)
    guesses = [lambda: services.sign_in("lan.nguyen", "sai mật khẩu")] * (SIGN_IN_TRIES + 4)
    done = at_once(any_app, *guesses)
    assert done.count("account.wrong") == SIGN_IN_TRIES
    assert done.count("account.too_many_tries") == 4
    assert at_once(any_app, lambda: services.sign_in("lan.nguyen", PASSWORD)) == ["account.too_many_tries"]
