"""Questions from files: nothing before somebody confirms, everything in one transaction, nothing twice."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from classroom.audit.models import AuditEntry
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import Forbidden, Invalid, NotFound, Refusal
from classroom.core.models import StoredFile
from classroom.core.sheets import SheetLimits
from classroom.exams.models import Question, QuestionImport, QuestionPicture, QuestionVersion, Topic
from classroom.exams.queries import question_imports as queries
from classroom.exams.queries.question_imports import Chosen
from classroom.exams.rules.imports.gift_writing import write_gift
from classroom.exams.rules.kinds import Kind
from classroom.exams.services import question_imports as services
from classroom.sessions.models import Course
from tests.exams.making import make_question, make_topic
from tests.factories import LONG_AGO, CourseFactory, ProgrammeFactory, make_actor
from tests.support.racing import together

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "questions"
LIMITS = SheetLimits()
GOOD = "$CATEGORY: Tin học\n\nMột {T}\n\nHai {F}"
MIXED = GOOD + "\n\nTự luận {}\n\nBa {=x ~y}"


@pytest.fixture
def actor(any_app: Flask) -> Actor:
    return make_actor("coordinator")


def course_of(actor: Actor) -> Course:
    return CourseFactory(programme=ProgrammeFactory(organisation_id=actor.organisation_id))


def upload(
    text: str | bytes, actor: Actor, course: Course | None = None, name: str = "cau-hoi.gift", **how: str
) -> str:
    content = text if isinstance(text, bytes) else text.encode()
    made = services.upload_questions(
        name,
        content,
        file_format=how.get("file_format", ""),
        course=course.public_id if course else "",
        limits=LIMITS,
        actor=actor,
    )
    return made.public_id


def dry(import_id: str, actor: Actor) -> queries.DryRun:
    return queries.open_import(actor, import_id, LIMITS)


def confirm(import_id: str, actor: Actor, *, others: bool = False) -> QuestionImport:
    digest = dry(import_id, actor).plan.digest()
    return services.confirm_questions(import_id, digest, others=others, limits=LIMITS, actor=actor)


def bank() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(QuestionVersion.text).order_by(QuestionVersion.id)))


def log() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_nothing_is_written_before_somebody_confirms(actor: Actor) -> None:
    made = upload(GOOD, actor)
    assert dry(made, actor).plan.counts() == {"good": 2, "there": 0, "bad": 0, "notices": 0}
    assert (bank(), db.session.scalar(select(func.count(Topic.id)))) == ([], 0)
    assert log() == ["question.file_uploaded"]


def test_confirming_writes_questions_topics_and_one_entry(actor: Actor) -> None:
    course = course_of(actor)
    done = confirm(upload(GOOD, actor, course), actor)
    assert bank() == ["Một", "Hai"]
    question = db.session.scalars(select(Question).order_by(Question.id)).first()
    assert question is not None
    assert (question.course_id, question.topic.name, question.number) == (course.id, "Tin học", 1)
    assert (question.created_by, question.search_text) == (actor.staff_id, "mot")
    version = question.versions[0]
    assert (version.kind, version.body, len(version.content_hash)) == ("true_false", {"right": True}, 64)
    assert db.session.scalar(select(func.count(Topic.id))) == 1
    assert log() == ["question.file_uploaded", "question.imported"]
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "question.imported")).one()
    assert (entry.subject_kind, entry.subject_id) == ("question_import", done.id)
    assert entry.facts == {"filename": "cau-hoi.gift", "good": 2, "there": 0, "bad": 0, "notices": 0}


def test_confirming_twice_adds_nothing(actor: Actor) -> None:
    made = upload(GOOD, actor)
    digest = dry(made, actor).plan.digest()
    for _ in range(2):
        services.confirm_questions(made, digest, others=False, limits=LIMITS, actor=actor)
    assert (bank(), log().count("question.imported")) == (["Một", "Hai"], 1)


def test_two_who_confirm_at_once_bring_in_each_question_once(any_app: Flask, actor: Actor) -> None:
    first, second = upload(GOOD, actor), upload(GOOD + "\n\nBốn {T}", actor)
    digests = {one: dry(one, actor).plan.digest() for one in (first, second)}
    db.session.remove()

    def press(import_id: str) -> str:
        try:
            services.confirm_questions(import_id, digests[import_id], others=False, limits=LIMITS, actor=actor)
        except Refusal as refusal:
            return refusal.code
        return "done"

    answers = together(any_app, [lambda one=one: press(one) for one in (first, second, first, second)])
    assert set(answers) <= {"done", "question_import.changed_meanwhile"}
    assert len(bank()) == len(set(bank()))
    assert {"Một", "Hai"} <= set(bank())


def test_bad_lines_stay_out_only_when_somebody_says_so(actor: Actor) -> None:
    made = upload(MIXED, actor)
    with pytest.raises(Refusal) as refused:
        confirm(made, actor)
    assert (refused.value.code, refused.value.details) == ("question_import.problems_open", {"count": 1})
    assert bank() == []
    done = confirm(made, actor, others=True)
    assert (bank(), done.outcome["bad"]) == (["Một", "Hai", "Ba"], 1)


def test_the_same_question_comes_in_once(actor: Actor) -> None:
    course = course_of(actor)
    confirm(upload("Một {=x ~y}", actor, course), actor)
    made = upload("Một {=x ~y}\n\nHai {T}\n\nHai {T}\n\nHai {F}", actor, course)
    plan = dry(made, actor).plan
    assert [(draft.line, earlier) for draft, earlier in plan.there] == [(1, None), (5, 3)]
    confirm(made, actor)
    assert bank() == ["Một", "Hai", "Hai"]
    again = upload("Một {=x ~y}", actor, course)
    with pytest.raises(Refusal, match="nothing"):
        confirm(again, actor)


def test_a_question_is_known_by_what_it_asks_not_by_its_ids(actor: Actor) -> None:
    course = course_of(actor)
    options = [{"id": "q", "text": "x", "right": True}, {"id": "a", "text": "y", "right": False}]
    make_question(course, Kind.SINGLE, text="Một", body={"options": options})
    assert len(dry(upload("Một {=x ~y}", actor, course), actor).plan.there) == 1
    assert len(dry(upload("Một {=y ~x}", actor, course), actor).plan.there) == 0


def test_what_another_course_or_organisation_asks_or_what_is_retired_is_not_there(actor: Actor) -> None:
    course, other = course_of(actor), course_of(actor)
    foreign = course_of(make_actor("coordinator"))
    for place in (other, foreign):
        make_question(place, Kind.TRUE_FALSE, text="Một")
    make_question(course, Kind.TRUE_FALSE, text="Một").retired_at = LONG_AGO
    db.session.commit()
    assert len(dry(upload("Một {T}", actor, course), actor).plan.good) == 1
    everywhere = dry(upload("Một {T}", actor), actor)
    assert len(everywhere.plan.there) == 1


def test_topics_are_found_without_regard_to_case(actor: Actor) -> None:
    make_topic(actor.organisation_id, "TIN HỌC")
    make_topic(make_actor("coordinator").organisation_id, "Mới")
    confirm(upload(GOOD + "\n\n$CATEGORY: tin hoc\n\nBa {T}\n\n$CATEGORY: Mới\n\nBốn {T}", actor), actor)
    names = select(Topic.name).where(Topic.organisation_id == actor.organisation_id).order_by(Topic.id)
    assert db.session.scalars(names).all() == ["TIN HỌC", "Mới"]
    assert db.session.scalar(select(func.count(Question.id)).where(Question.topic_id.is_(None))) == 0


def test_only_pictures_of_the_own_bank_are_taken_along(actor: Actor) -> None:
    owners = [actor.organisation_id, make_actor("coordinator").organisation_id]
    for owner, picture in zip(owners, ("0123456789AB", "ZZZZZZZZZZZZ"), strict=True):
        file = StoredFile(
            organisation_id=owner, purpose="picture", filename="a.png", media_type="image/png", sha256="", size=1,
            content=b"x", created_at=LONG_AGO,
        )  # fmt: skip
        made = QuestionPicture(
            public_id=picture, organisation_id=owner, file=file, width=1, height=1, created_at=LONG_AGO
        )
        db.session.add_all([file, made])
    db.session.commit()
    text = "[markdown]Gì? ![a](picture\\:0123456789AB) {T}\n\nx {=[markdown]![b](picture\\:ZZZZZZZZZZZZ) ~c}"
    plan = dry(upload(text, actor), actor).plan
    assert ([draft.line for draft in plan.good], [(one.line, one.code) for one in plan.bad]) == (
        [1],
        [(3, "question_import.picture_unknown")],
    )


def test_a_bank_that_changed_since_somebody_looked_asks_to_look_again(actor: Actor) -> None:
    made, other = upload(GOOD, actor), upload("Một {T}", actor)
    seen = dry(made, actor).plan.digest()
    confirm(other, actor)
    with pytest.raises(Refusal, match="changed_meanwhile"):
        services.confirm_questions(made, seen, others=False, limits=LIMITS, actor=actor)
    assert bank() == ["Một"]


def test_a_break_in_the_middle_leaves_nothing(actor: Actor) -> None:
    made = upload(GOOD, actor)
    digest = dry(made, actor).plan.digest()

    def broken(*_args: object) -> None:
        raise RuntimeError("power cut")

    event.listen(Question, "after_insert", broken)
    try:
        with pytest.raises(RuntimeError, match="power cut"):
            services.confirm_questions(made, digest, others=False, limits=LIMITS, actor=actor)
    finally:
        event.remove(Question, "after_insert", broken)
    assert (bank(), dry(made, actor).question_import.state, "question.imported" in log()) == ([], "uploaded", False)
    assert db.session.scalar(select(func.count(Topic.id))) == 0


def test_a_file_that_was_put_aside_stays_so(actor: Actor) -> None:
    made = upload(GOOD, actor)
    digest = dry(made, actor).plan.digest()
    for _ in range(2):
        services.drop_questions(made, actor=actor)
    assert log() == ["question.file_uploaded", "question.file_dropped"]
    with pytest.raises(Refusal, match="closed"):
        services.confirm_questions(made, digest, others=False, limits=LIMITS, actor=actor)
    with pytest.raises(Refusal, match="closed"):
        services.choose_format(made, "aiken", limits=LIMITS, actor=actor)
    assert (bank(), queries.imports_of(actor)) == ([], [])


def test_what_was_imported_cannot_be_put_aside(actor: Actor) -> None:
    made = upload(GOOD, actor)
    confirm(made, actor)
    with pytest.raises(Refusal, match="closed"):
        services.drop_questions(made, actor=actor)


def test_the_format_can_be_chosen_and_chosen_anew(actor: Actor) -> None:
    made = upload((SAMPLES / "dich-vu-cong.txt").read_bytes(), actor, name="x.txt")
    assert (dry(made, actor).question_import.format, dry(made, actor).plan.counts()["good"]) == ("aiken", 2)
    seen = dry(made, actor).plan.digest()
    services.choose_format(made, "gift", limits=LIMITS, actor=actor)
    assert dry(made, actor).plan.counts()["good"] == 0
    with pytest.raises(Refusal, match="changed_meanwhile"):
        services.confirm_questions(made, seen, others=True, limits=LIMITS, actor=actor)
    with pytest.raises(Refusal, match="no_headings"):
        services.choose_format(made, "sheet", limits=LIMITS, actor=actor)
    assert dry(made, actor).question_import.format == "gift"


def test_a_file_that_cannot_be_read_is_not_kept(actor: Actor) -> None:
    for content, name in ((b"", "a.txt"), (b"MZ\0", "a.exe"), (b"PK\x03\x04", "a.xlsx"), (b"a,b", "a.csv")):
        with pytest.raises(Refusal):
            upload(content, actor, name=name)
    with pytest.raises(Invalid, match="no_file"):
        upload(GOOD, actor, name="")
    with pytest.raises(Refusal, match="too_large"):
        services.upload_questions(
            "a.txt", b"x" * 101, file_format="", course="", limits=SheetLimits(max_bytes=100), actor=actor
        )
    assert db.session.scalar(select(func.count(StoredFile.id))) == 0


def test_the_files_of_another_organisation_do_not_exist(actor: Actor) -> None:
    made, stranger = upload(GOOD, actor), make_actor("coordinator")
    with pytest.raises(NotFound):
        dry(made, stranger)
    with pytest.raises(NotFound):
        services.confirm_questions(made, "", others=False, limits=LIMITS, actor=stranger)
    with pytest.raises(NotFound):
        services.drop_questions(made, actor=stranger)
    with pytest.raises(NotFound):
        services.choose_format(made, "aiken", limits=LIMITS, actor=stranger)
    with pytest.raises(NotFound):
        upload(GOOD, stranger, course_of(actor))


def test_a_trainer_brings_nothing_in(actor: Actor) -> None:
    trainer = make_actor("trainer")
    with pytest.raises(Forbidden):
        upload(GOOD, trainer)


def test_what_is_taken_out_is_what_the_filter_says(actor: Actor) -> None:
    course, other = course_of(actor), course_of(actor)
    confirm(upload((SAMPLES / "tin-hoc.gift").read_bytes(), actor, course), actor)
    confirm(upload("Khác {T}", actor, other), actor)
    make_question(course_of(make_actor("coordinator")))
    keys = db.session.scalars(select(Question.public_id).order_by(Question.id)).all()
    db.session.scalars(select(Question).order_by(Question.id)).first().retired_at = LONG_AGO
    db.session.commit()

    def found(chosen: Chosen) -> int:
        return len(queries.questions_to_export(actor, chosen))

    topic = db.session.scalars(select(Topic.public_id).where(Topic.name == "Bảng tính")).one()
    assert found(Chosen()) == 8
    assert found(Chosen(course=course.public_id)) == 7
    assert found(Chosen(topic=topic)) == 5
    assert found(Chosen(kind="numerical")) == 2
    assert found(Chosen(text="khac")) == 1
    assert found(Chosen(text="%")) == 0
    assert found(Chosen(ids=keys[:3])) == 2
    assert found(Chosen(ids=[keys[-1]])) == 0


def test_a_bank_that_is_taken_out_and_brought_into_another_one_is_the_same(actor: Actor) -> None:
    confirm(upload((SAMPLES / "tin-hoc.gift").read_bytes(), actor), actor)
    drafts = queries.questions_to_export(actor, Chosen())
    written = write_gift(drafts, lambda content: content.text)
    assert written.left_out == []
    stranger = make_actor("coordinator")
    confirm(upload(written.text, stranger), stranger)
    theirs = queries.questions_to_export(stranger, Chosen())
    assert [(one.content, one.topic) for one in theirs] == [(one.content, one.topic) for one in drafts]


def test_a_thousand_questions_are_compared_with_few_questions_to_the_database(actor: Actor) -> None:
    made = upload("\n\n".join(f"Câu {n} {{T}}" for n in range(1000)), actor)
    asked: list[str] = []
    engine = db.engine
    count = lambda *args: asked.append(args[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", count)
    try:
        plan = dry(made, actor).plan
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert len(plan.good) == 1000
    assert len(asked) <= 6
    confirm(made, actor)
    assert len(bank()) == 1000
