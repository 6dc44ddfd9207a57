"""Records that go with their import, learners that go with theirs: links are let go, questions closed."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from classroom.core import signals
from classroom.core.actor import Actor, system
from classroom.core.db import transaction
from classroom.jobs.services import enqueue
from classroom.learners.models import MergeLine
from classroom.online.models import MatchCase, OnlineRecord
from classroom.online.services.matching import linking
from classroom.sessions.models import TrainingClass

_CHUNK = 500


@signals.online_records_vanishing.connect
def let_go_of_records(record_ids: Sequence[int], actor: Actor) -> None:
    """Nobody has these records any more; who was made of them and of nothing else counts no longer."""
    keys = sorted(record_ids)
    with transaction() as session:
        for start in range(0, len(keys), _CHUNK):
            some = keys[start : start + _CHUNK]
            made = []
            query = select(OnlineRecord).where(OnlineRecord.id.in_(some)).order_by(OnlineRecord.id)
            for record in session.scalars(query.with_for_update(of=OnlineRecord)).all():
                if record.learner_id is not None:
                    made += [record.learner_id] if record.link == "own" else []
                    linking.tell(session, record, "unlinked", actor)
                linking.let_go(record, "new")
            for case in session.scalars(select(MatchCase).where(MatchCase.record_id.in_(some))).all():
                case.state = "gone"
            _forget_journal(session, some)
            linking.keep_denials(session, some)
            for learner in made:
                linking.annul_if_alone(session, learner)


def _forget_journal(session: Session, record_ids: Sequence[int]) -> None:
    """What merges did to rows that are about to go cannot be restored, and must not hinder a split."""
    rows = (
        ("online_record", select(OnlineRecord.id).where(OnlineRecord.id.in_(record_ids))),
        ("match_case", select(MatchCase.id).where(MatchCase.record_id.in_(record_ids))),
    )
    session.flush()
    for table, keys in rows:
        session.execute(delete(MergeLine).where(MergeLine.table_name == table, MergeLine.row_id.in_(keys)))


@signals.import_undoing.connect
def let_go_of_learners(learner_ids: Sequence[int], enrolment_ids: Sequence[int]) -> None:
    """A class list is taken back: records that had been linked to its people are looked at anew."""
    with transaction() as session:
        intakes: dict[int, int] = {}
        for start in range(0, len(learner_ids), _CHUNK):
            some = learner_ids[start : start + _CHUNK]
            query = select(OnlineRecord).where(OnlineRecord.learner_id.in_(some), OnlineRecord.link == "matched")
            for record in session.scalars(query.order_by(OnlineRecord.id)).all():
                actor = system(record.organisation_id, "import")
                linking.tell(session, record, "unlinked", actor)
                linking.let_go(record, "new")
                intakes[record.intake_id] = record.organisation_id
        for intake, organisation in sorted(intakes.items()):
            enqueue("online.match", intake, actor=system(organisation, "import"), key=str(intake))


@signals.rosters_changed.connect
def look_again(class_ids: Sequence[int], actor: Actor) -> None:
    """People came by a class list: those who were made of online records may be among them."""
    with transaction() as session:
        query = select(TrainingClass.organisation_id).where(TrainingClass.id.in_(class_ids)).distinct()
        for organisation in session.scalars(query).all():
            waits = select(OnlineRecord.id).where(OnlineRecord.organisation_id == organisation).limit(1)
            if session.execute(waits).first():
                enqueue("online.rematch", organisation, actor=system(organisation, "roster"), key=str(organisation))
