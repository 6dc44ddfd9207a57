"""The sample's tests: a bank, a paper for the last day, and a short test of the first day that two classes have sat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from random import Random

from sqlalchemy import select

from classroom.accounts import queries as accounts
from classroom.attendance.models import Mark
from classroom.attendance.rules import CAME, Source
from classroom.cli.sample import questions
from classroom.cli.sample.answers import answer
from classroom.cli.sample.questions import Asked
from classroom.core.actor import Actor, learner
from classroom.core.clock import pretended
from classroom.core.db import db, transaction
from classroom.exams.models import Attempt, Paper, Question, QuestionVersion
from classroom.exams.rules.terms import ShowScore, Terms
from classroom.exams.services import running
from classroom.exams.services.adjusting import adjust
from classroom.exams.services.answering import Sent, close_due, save, submit
from classroom.exams.services.extending import extend
from classroom.exams.services.opening import open_sitting
from classroom.exams.services.papers import PartLine, create_paper, set_parts
from classroom.exams.services.printing import print_forms
from classroom.exams.services.starting import start_attempt
from classroom.learners.models import Learner
from classroom.sessions.models import ClassSession, Course, Enrolment, TrainingClass

LAST_DAY = Terms("Kiểm tra cuối khóa", "Đọc kỹ từng câu trước khi trả lời. Được quay lại sửa cho đến khi nộp bài.")
FIRST_DAY = Terms(
    "Kiểm tra nhanh ngày 1",
    "Mười câu về nội dung ngày thứ nhất.",
    time_limit=15,
    entry_window=10,
    practice=False,
    show_score=ShowScore.AFTER_END,
)
_FIXED = (
    "Tổng số hồ sơ", "Trạng thái hồ sơ", "Cần chuẩn bị gì", "Dấu hiệu lừa đảo", "Khi nghi bị lộ mật khẩu",
    "Hàm và công dụng", "Câu lệnh tốt", "Soạn thông báo",
)  # fmt: skip
_DRAWN_OF_EACH_TOPIC = 3
_OF_FIRST_DAY = (
    "Mức độ định danh", "Nộp hồ sơ", "Giá trị của giấy tờ", "Cần chuẩn bị gì", "Các bước nộp hồ sơ", "Trạng thái hồ sơ",
    "Mã OTP", "Mật khẩu mạnh", "Dấu hiệu lừa đảo", "Xác thực hai lớp",
)  # fmt: skip
#: Which of those who sit it meets with what.
_OUT_OF_TIME, _GETS_MORE_TIME, _GETS_POINTS = 3, 5, 8


@dataclass(frozen=True, slots=True)
class _Sitter:
    """Somebody who sits the test: what they can do (0 is middling) and the phone they checked in with."""

    learner: str
    device: bytes
    skill: float


def write_papers(course: Course, actor: Actor) -> Paper:
    """Bank, both papers, a printed form of the last day's; returns the first day's paper."""
    bank = questions.write_bank(course.public_id, actor)
    topics = {one.topic.public_id for one in bank.values() if one.topic}
    half = Decimal("0.5")
    last_day = create_paper(course.public_id, LAST_DAY, actor=actor)
    drawn = [PartLine(half, topic=topic, draw=_DRAWN_OF_EACH_TOPIC) for topic in sorted(topics)]
    set_parts(last_day.public_id, [*_lines(bank, _FIXED, half), *drawn], actor=actor)
    print_forms(last_day.public_id, 1, actor=actor)
    first_day = create_paper(course.public_id, FIRST_DAY, actor=actor)
    set_parts(first_day.public_id, _lines(bank, _OF_FIRST_DAY, Decimal(1)), actor=actor)
    return first_day


def _lines(bank: dict[str, Question], titles: Sequence[str], points: Decimal) -> list[PartLine]:
    return [PartLine(points, question=bank[title].public_id) for title in titles]


def sit(paper: Paper, training_class: TrainingClass, at: datetime, coordinator: Actor, random: Random) -> None:
    """The class sits the paper in the last hour of its first day; `at` is when the sample is made."""
    class_session = training_class.sessions[1]
    trainer = accounts.actor_of(training_class.trainers[0].staff, at)
    opened = class_session.starts_at + timedelta(hours=2, minutes=30)
    with transaction():
        with pretended(opened):
            sitting = open_sitting(class_session.public_id, paper.public_id, actor=trainer)
        attempts = _write(sitting, class_session, opened, trainer, random)
    with pretended(opened + timedelta(minutes=30)):
        close_due()
        running.end(sitting, actor=trainer)
    _give_points(attempts[_GETS_POINTS], opened + timedelta(minutes=45), coordinator)


def _write(sitting: str, class_session: ClassSession, opened: datetime, trainer: Actor, random: Random) -> list[str]:
    """Everybody's attempt from beginning to end; their public ids."""
    asked, attempts = _asked(), []
    for place, sitter in enumerate(_sitters(class_session, random)):
        begins = opened + timedelta(seconds=random.randrange(20, 500))
        hand_in = begins + timedelta(seconds=random.randrange(300, 850))
        attempt = _begin(sitting, sitter, begins, class_session.organisation_id)
        if place == _GETS_MORE_TIME:
            with pretended(hand_in):
                extend(sitting, 5, learner=sitter.learner, reason="Điện thoại hết pin, phải đổi máy", actor=trainer)
            hand_in = begins + timedelta(minutes=18)
        answers = _answers(attempt, sitter, asked, random)
        _answer_all(attempt, sitter, answers, (begins, hand_in), hands_in=place != _OUT_OF_TIME)
        attempts.append(attempt)
    return attempts


def _sitters(class_session: ClassSession, random: Random) -> list[_Sitter]:
    """Everybody whose phone checked in, and who did not leave before the test."""
    came = db.session.execute(
        select(Learner.public_id, Learner.id)
        .join(Enrolment, Enrolment.learner_id == Learner.id)
        .join(Mark, Mark.enrolment_id == Enrolment.id)
        .where(Mark.class_session_id == class_session.id, Mark.status.in_(CAME), Mark.source == Source.ROOM_CODE)
        .order_by(Learner.id)
    ).all()
    return [
        _Sitter(public_id, sha256(f"sample phone {key}".encode()).digest(), random.gauss(0.8, 1.0))
        for public_id, key in came
        if random.random() < 0.97
    ]


def _asked() -> dict[int, Asked]:
    """The questions by the keys of their versions."""
    by_title = {one.content.title: one for one in questions.bank("")}
    rows = db.session.execute(select(QuestionVersion.id, QuestionVersion.title))
    return {key: by_title[title] for key, title in rows}


def _begin(sitting: str, sitter: _Sitter, at: datetime, organisation_id: int) -> str:
    with pretended(at):
        actor = learner(organisation_id)
        return start_attempt(sitting, sitter.learner, sitter.device, actor=actor).attempt_public_id


def _answer_all(
    attempt: str, sitter: _Sitter, answers: Sequence[Sent], hours: tuple[datetime, datetime], *, hands_in: bool
) -> None:
    """Most of the answers on the way, the others with the handing-in, or never."""
    begins, hand_in = hours
    middle = len(answers) * 2 // 3
    with pretended(begins + (hand_in - begins) / 2):
        save(attempt, sitter.device, answers[:middle])
    if hands_in:
        with pretended(hand_in):
            submit(attempt, sitter.device, final=answers[middle:])


def _answers(attempt: str, sitter: _Sitter, asked: dict[int, Asked], random: Random) -> list[Sent]:
    items = db.session.execute(select(Attempt.items).where(Attempt.public_id == attempt)).scalar_one()
    found = [answer(asked[item["v"]], sitter.skill, random) for item in items]
    return [Sent(place, place + 1, given) for place, given in enumerate(found) if given is not None]


def _give_points(attempt: str, at: datetime, coordinator: Actor) -> None:
    with pretended(at):
        adjust(attempt, Decimal(1), "Màn hình không hiện hết câu 4, giảng viên xác nhận", actor=coordinator)
