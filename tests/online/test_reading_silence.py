"""Nothing in a file is read two ways, rounded or passed over without a word."""

from decimal import Decimal

import pytest
from flask import Flask

from classroom.core.actor import Actor
from classroom.core.errors import Refusal
from classroom.online.models import Intake, OnlineImport
from classroom.online.services import imports
from classroom.sessions.services.imports import Upload
from tests.factories import CourseFactory, ProgrammeFactory, make_actor
from tests.support.online import bring_in, line, make_intake, records, results, snapshot, undo, upload

pytestmark = pytest.mark.usefixtures("app")
REPORT = "Tên đăng nhập,Họ và tên,Bài 1,,Bài 2,,Bài 3,"


def counts(made: OnlineImport) -> dict[str, int]:
    return {name: count for name, count in made.outcome["counts"].items() if count}


def remarks(made: OnlineImport) -> list[tuple[str, list[int]]]:
    return [(kind["code"], [one["row"] for one in kind["first"]]) for kind in made.outcome["kinds"]]


def test_the_other_row_of_an_account_counts_once_the_better_one_is_left_out(intake: Intake, actor: Actor) -> None:
    file = results(line(1, score="6"), line(1, score="9", name="Trần Thị Nhầm"), line(2))
    made = upload(intake, file, actor=actor)
    assert remarks(made) == [("online.account_twice", [2])]
    imports.decide(made.public_id, "skip", "3", actor=actor)
    made = bring_in(intake, file, actor=actor)
    assert counts(made) == {"rows": 3, "new": 2, "skipped": 1, "left_out_by_hand": 1, "people": 2}
    assert (records(intake)["thu0001"].score, records(intake)["thu0001"].name) == (Decimal(60), "Nguyễn Văn Một")


def test_shares_finer_than_they_are_kept_stay_the_same(intake: Intake, actor: Actor) -> None:
    lines = line(1, score="6.3333333"), line(2, score="6.6666666")
    bring_in(intake, snapshot(1, *lines), actor=actor)
    assert counts(bring_in(intake, snapshot(1, *reversed(lines)), actor=actor)) == {"rows": 2, "same": 2, "people": 2}


def test_a_third_of_the_activities_stays_the_same(intake: Intake, actor: Actor) -> None:
    one = "thu1,Nguyễn Văn Một,Chưa hoàn thành,,Chưa hoàn thành,,Hoàn thành,13/11/2026 08:00"
    bring_in(intake, Upload("a.csv", f"{REPORT}\n{one}".encode()), actor=actor)
    again = bring_in(intake, Upload("b.csv", f"{REPORT}\n{one}\n".encode()), actor=actor)
    assert (counts(again), records(intake)["thu1"].progress) == (
        {"rows": 1, "same": 1, "people": 1},
        Decimal("33.33333"),
    )


def test_a_last_activity_that_nobody_finished_counts_among_all(intake: Intake, actor: Actor) -> None:
    one = "thu1,Nguyễn Văn Một,Hoàn thành,13/11/2026 08:00,Hoàn thành,14/11/2026 08:00,Chưa hoàn thành,"
    bring_in(intake, Upload("a.csv", f"{REPORT}\n{one}".encode()), actor=actor)
    held = records(intake)["thu1"]
    assert (held.progress, held.completed_at) == (Decimal("66.66667"), None)


def test_days_of_activities_tell_the_order_of_day_and_month(intake: Intake, actor: Actor) -> None:
    one = "thu1,Nguyễn Văn Một,Completed,11/02/2026 08:00,Completed,11/13/2026 08:00,Completed,11/03/2026 08:00"
    bring_in(intake, Upload("a.csv", f"{REPORT}\n{one}".encode()), actor=actor)
    assert f"{records(intake)['thu1'].completed_at:%Y-%m-%d %H:%M}" == "2026-11-13 01:00"


def test_days_of_activities_that_read_both_ways_are_asked(intake: Intake, actor: Actor) -> None:
    one = "thu1,Nguyễn Văn Một,Completed,11/02/2026,Completed,11/03/2026,Completed,11/04/2026"
    made = upload(intake, Upload("a.csv", f"{REPORT}\n{one}".encode()), actor=actor)
    with pytest.raises(Refusal, match=r"online\.order_open"):
        imports.start_import(made.public_id, actor=actor)


def test_an_activity_s_day_that_cannot_be_read_is_an_error(intake: Intake, actor: Actor) -> None:
    one = "thu1,Nguyễn Văn Một,Completed,13/11/2026,Completed,hôm qua,Not completed,hôm nay"
    made = upload(intake, Upload("a.csv", f"{REPORT}\n{one}".encode()), actor=actor)
    [kind] = made.outcome["kinds"]
    assert (kind["code"], kind["severity"]) == ("online.moment_unreadable", "error")
    assert [(told["column"], told["value"]) for told in kind["first"]] == [("F", "hôm qua")]


def test_a_profile_file_that_gives_an_account_to_two_people_is_an_error(intake: Intake, actor: Actor) -> None:
    grades = b"Student ID,Email,Username,Grade,Certificate Eligible\n7,,an01,0.60,Y\n8,,an02,0.7,Y\n9,,an03,0.7,Y\n"
    lines = (
        "id,username,name,citizen_id,city", "7,an01,Lê Thị Ánh,040185012345,", "7,an01,Trần Văn Bình,040080000777,",
        "8,an02,Hồ Đức,040080000888,Vinh", "8,an02,Hồ Đức,,Huế", "9,an03,Vũ Lan,,",
    )  # fmt: skip
    made = upload(intake, Upload("g.csv", grades), Upload("p.csv", "\n".join(lines).encode()), actor=actor)
    assert remarks(made) == [("online.profiles_at_odds", [2])]
    assert counts(made)["errors"] == 1


def test_two_files_in_either_order_leave_the_same_record(app: Flask) -> None:
    older = snapshot(1, line(1, score="6", done="15/10/2026 08:00:00"))
    newer = snapshot(2, line(1, score="8", done="30/10/2026 08:00:00", name="", birth="", id="", issued=""))
    left = []
    for files in ((older, newer), (newer, older)):
        actor = make_actor("coordinator")
        held = make_intake(CourseFactory(programme=ProgrammeFactory(organisation_id=actor.organisation_id)))
        for file in files:
            bring_in(held, file, actor=actor)
        one = records(held)["thu0001"]
        left.append((one.score, one.completed_at, one.name, one.born_on, one.id_number, one.issued_on, one.taken_at))
    assert left[0] == left[1]
    assert f"{left[0][1]:%Y-%m-%d}" == "2026-10-15"
    assert left[0][2] == "Nguyễn Văn Một"


def test_what_an_older_file_filled_is_empty_again_once_that_is_undone(intake: Intake, actor: Actor) -> None:
    bring_in(intake, snapshot(2, line(1, name="", id="", issued="")), actor=actor)
    older = bring_in(intake, snapshot(1, line(1)), actor=actor)
    assert (counts(older)["other"], records(intake)["thu0001"].id_number) == (1, "040080000001")
    undo(older, actor=actor)
    one = records(intake)["thu0001"]
    assert (one.name, one.id_number, one.issued_on) == ("", "", None)
