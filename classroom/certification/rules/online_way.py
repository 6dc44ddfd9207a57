"""The way through an intake: the best of a learner's records, and what is missing."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from classroom.certification.rules.course_rules import Online
from classroom.certification.rules.facts import LearnerFacts, OnlineFact
from classroom.certification.rules.lines import ONLINE, Line, Track, iso, row_of, spell, text_of
from classroom.core.clock import local


def online_way(asked: Online, facts: LearnerFacts) -> Track:
    """Of several records the one that comes nearest; who has no result but an account has begun, too."""
    living = [each for each in facts.online if not each.retracted]
    if not living:
        return _without_result(facts)
    tried = [(_of_record(asked, record, facts.zone), record) for record in living]
    lines, record = max(tried, key=lambda one: _rank(*one))
    return Track(ONLINE, True, tuple(lines), record.intake_id)


def _rank(lines: list[Line], record: OnlineFact) -> tuple[Any, ...]:
    """All met comes first, then more of them, then the better score; of equals the earlier record."""
    met = sum(line.met for line in lines)
    return met == len(lines), met, _or_less(record.score), _or_less(record.progress), -record.intake_id


def _or_less(value: Decimal | None) -> Decimal:
    """Nought is more than nothing."""
    return Decimal(-1) if value is None else value


def _without_result(facts: LearnerFacts) -> Track:
    if facts.online:
        gone = facts.online[0]
        line = Line(ONLINE, "result", False, source=row_of(gone), reason="online.retracted")
        return Track(ONLINE, True, (line,), gone.intake_id)
    if facts.accounts:
        account = facts.accounts[0]
        source = {"intake": account.intake, "intake_name": account.intake_name, "account": account.account}
        line = Line(ONLINE, "result", False, source=source, reason="online.no_result")
        return Track(ONLINE, True, (line,), account.intake_id)
    return Track(ONLINE, False, (Line(ONLINE, "result", False, reason="online.none"),))


def _of_record(asked: Online, record: OnlineFact, zone: str) -> list[Line]:
    lines = [_completion(record, zone)] if asked.in_time else []
    if asked.score is not None:
        lines.append(online_test(asked.score, record, ONLINE))
    if asked.progress is not None:
        enough = (record.progress or Decimal(0)) >= asked.progress
        required, actual = {"percent": asked.progress}, {"percent": text_of(record.progress)}
        reason = "" if enough else "online.low_progress"
        lines.append(Line(ONLINE, "progress", enough, required, actual, row_of(record), reason))
    return lines


def _completion(record: OnlineFact, zone: str) -> Line:
    """The day of issue is day 0; through the last second of the last day on the organisation's clock it counts."""
    done = local(record.completed_at, zone) if record.completed_at else None
    required: dict[str, Any] = {"days": record.days}
    if record.issued_on:
        required |= {"issued_on": iso(record.issued_on), "until": iso(record.issued_on + timedelta(record.days))}
    actual = {"completed_at": done.isoformat(timespec="seconds")} if done else {}
    reason = _untimely(record, zone)
    return Line(ONLINE, "completion", not reason, required, actual, row_of(record), reason)


def _untimely(record: OnlineFact, zone: str) -> str:
    if record.completed_at is None:
        complete = record.said == "passed" or (record.progress is not None and record.progress >= 100)
        return "online.no_completion_day" if complete else "online.not_completed"
    if record.issued_on is None:
        return "online.no_issue_day"
    day = local(record.completed_at, zone).date()
    if day < record.issued_on:
        return "online.before_issue"
    return "online.late" if day > record.issued_on + timedelta(record.days) else ""


def online_test(least: int, record: OnlineFact, path: str) -> Line:
    """The score of a record against the least that is asked for, in per cent."""
    required, source = {"percent": least}, row_of(record)
    if record.score is None:
        return Line(path, "online_test", False, required, {}, source, "online.no_score")
    enough, score = record.score >= least, f"{spell(record.score)}/100"
    reason = "" if enough else "online.low_score"
    return Line(path, "online_test", enough, required, {"percent": text_of(record.score)}, source, reason, score)
