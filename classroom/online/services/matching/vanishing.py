"""Records that go with their import, learners that go with theirs: links are let go, questions closed."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, aliased

from classroom.core import signals
from classroom.core.actor import Actor, system
from classroom.core.db import transaction
from classroom.core.errors import Refusal
from classroom.jobs.services import enqueue
from classroom.learners.models import Learner, LearnerMerge, MergeLine
from classroom.online.models import ImportRow, MatchCase, MatchEvent, OnlineRecord
from classroom.online.rules.results import Effect
from classroom.online.services.matching import linking
from classroom.sessions.models import TrainingClass

_CHUNK = 500
#: What a merge moves of a learner who was made of records and has nothing else.
_OURS = ("learner", "online_record", "match_case", "match_denial")


@signals.online_records_vanishing.connect
def let_go_of_records(record_ids: Sequence[int], actor: Actor) -> None:
    """Nobody has these records any more; who was made of them and of nothing else counts no longer."""
    keys = sorted(record_ids)
    with transaction() as session:
        for merge in _joined_for(session, keys):
            _part(session, merge, actor)
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


@signals.online_import_undoing.connect
def check_joins(import_id: int, learner_ids: Sequence[int]) -> None:
    """Whom an import's own people were joined with must be as they were then, or the two cannot be parted."""
    with transaction() as session:
        made = select(ImportRow.record_id).where(ImportRow.import_id == import_id, ImportRow.effect == Effect.NEW)
        keys = [key for key in session.scalars(made) if key is not None]
        kept = {merge.kept_id for merge in _joined_for(session, keys)}
        later = select(Learner.id).where(Learner.id.in_(kept), Learner.annulled_at.is_not(None))
        if session.scalar(later.limit(1)) is not None:
            raise Refusal("merge.later_first")


def _joined_for(session: Session, record_ids: Sequence[int]) -> list[LearnerMerge]:
    """Merges by the machine that stand, of learners who were made of these records and who had nothing else."""
    gone = set(record_ids)
    went, other = aliased(MergeLine), aliased(MergeLine)
    found: dict[int, LearnerMerge] = {}
    for start in range(0, len(record_ids), _CHUNK):
        some = record_ids[start : start + _CHUNK]
        query = (
            select(LearnerMerge)
            .join(went, went.merge_id == LearnerMerge.id)
            .where(went.table_name == "online_record", went.column_name == "link", went.row_id.in_(some))
            .join(MatchEvent, (MatchEvent.merge_id == LearnerMerge.id) & (MatchEvent.record_id == went.row_id))
            .where(LearnerMerge.split_at.is_(None), MatchEvent.kind == "linked")
            .where(~select(other.id).where(other.merge_id == LearnerMerge.id, other.table_name.not_in(_OURS)).exists())
        )
        merges = {one.id: one for one in session.scalars(query)}
        records = select(MergeLine.merge_id, MergeLine.row_id).where(MergeLine.table_name == "online_record")
        for merge, record in session.execute(records.where(MergeLine.merge_id.in_(merges))):
            if record not in gone:
                merges.pop(merge, None)
        found |= merges
    return [found[key] for key in sorted(found, reverse=True)]


def _part(session: Session, merge: LearnerMerge, actor: Actor) -> None:
    """Part two learners who were joined for a record that goes; nothing was said of their being different."""
    both = merge.kept_id, merge.gone_id
    try:
        linking.part(merge, "", actor=actor)
    except Refusal:  # somebody has the number since: the learner keeps what came, and the undo goes on
        return
    theirs = session.scalars(select(OnlineRecord.id).where(OnlineRecord.learner_id.in_(both))).all()
    linking.allow(session, theirs, both)


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
