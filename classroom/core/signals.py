"""How a lower room lets higher rooms take part: in the same transaction, in order, with errors going through.

A *fact* tells what happened. A *question* lets a higher room veto by raising `Refusal`, or add to the answer.
"""

from collections.abc import Callable
from typing import Any

Receiver = Callable[..., Any]


#: Rooms from the floor up, as the import contracts have them.
_FLOORS = ("accounts", "learners", "sessions", "attendance", "exams", "online", "certification", "desk", "portal")


class Signal:
    """A named hook; receivers are called in the order of their connection, or those of lower rooms first."""

    def __init__(self, name: str, *, by_floor: bool = False) -> None:
        self.name = name
        self._by_floor = by_floor
        self._receivers: list[Receiver] = []

    def connect(self, receiver: Receiver) -> Receiver:
        """Add a receiver once; usable as a decorator."""
        if receiver not in self._receivers:
            self._receivers.append(receiver)
            if self._by_floor:
                self._receivers.sort(key=_floor)
        return receiver

    def send(self, **facts: Any) -> list[Any]:
        """Call every receiver and collect what they answer."""
        return [receiver(**facts) for receiver in self._receivers]


def _floor(receiver: Receiver) -> int:
    room = receiver.__module__.split(".")[1]
    return _FLOORS.index(room) if room in _FLOORS else len(_FLOORS)


#: Question before a class session is moved or cancelled: `class_session_id`, `change` ("move" | "cancel"); receivers
#: answer counts of what hangs on it, such as {"marks": 91}, or refuse.
class_session_changing = Signal("class_session_changing")
#: Fact: `class_session_id`, `change` ("create" | "edit" | "move" | "cancel" | "restore"), `actor`.
class_session_changed = Signal("class_session_changed")
#: Question: `organisation_id`, `at`; receivers answer the inner keys of class sessions not over at that instant whose
#: attendance has begun.
class_sessions_begun = Signal("class_sessions_begun")
#: Question before an organisation lives by another clock: `organisation_id`; receivers answer how much was planned by
#: the present one, such as {"sessions": 12}.
time_zone_changing = Signal("time_zone_changing")
#: Fact: `organisation_id`, `before`, `after` (names of zones), `actor`; receivers may refuse.
time_zone_changed = Signal("time_zone_changed")
#: Question before a member of staff is switched off: `staff_id`; receivers answer what is left without that person,
#: such as {"sessions": 8, "classes": ["L01"]}.
staff_leaving = Signal("staff_leaving")
#: Question before an enrolment ends or moves: `enrolment_id`, `change` ("withdraw" | "move"); receivers answer counts
#: of what hangs on it, such as {"marks": 4}.
enrolment_changing = Signal("enrolment_changing")
#: Fact: `enrolment_id`, `change`, `actor`.
enrolment_changed = Signal("enrolment_changed")
#: Fact told once for many enrolments, instead of `enrolment_changed` for each: `class_ids`, `actor`.
rosters_changed = Signal("rosters_changed")
#: Question before an import is undone: `learner_ids`, `enrolment_ids`; receivers raise `Refusal` to veto.
import_undoing = Signal("import_undoing")
#: Question before an import of online results is undone: `import_id`, `learner_ids`; receivers raise `Refusal` to veto.
online_import_undoing = Signal("online_import_undoing")
#: Fact: `class_session_id`, `enrolment_id`, `status`.
mark_changed = Signal("mark_changed")
#: Told when classes have been locked whose rosters are to change: `class_ids`; receivers lock what hangs on them.
rosters_holding = Signal("rosters_holding")
#: Told before two learners are locked to be made one or parted: `learner_ids`; receivers lock what hangs on them, each
#: room after the lower ones, so that a scan and a merge never wait for each other.
learners_holding = Signal("learners_holding", by_floor=True)
#: Question before two learners are made one: `kept_id`, `gone_id`; receivers answer lists of conflicts to be seen
#: (`learners.rules.merging.Conflict`), or refuse.
learners_merging = Signal("learners_merging")
#: Fact: `kept_id`, `gone_id`, `journal` (through which rows are changed, so that a split restores them), `reason`,
#: `actor`.
learners_merged = Signal("learners_merged")
#: Question before the journal of a merge is undone: `merge_id`, `actor`; receivers take back the rows they made.
learners_splitting = Signal("learners_splitting")
#: Fact: `merge_id`, `kept_id`, `gone_id`, `reason`, `actor`.
learners_split = Signal("learners_split")
#: Question before somebody is erased: `organisation_id`, `learner_ids` (the person and those merged into it), `traces`;
#: receivers refuse, or answer how much of theirs speaks of the person, such as {"phones": 2}. Without `counting` only
#: the refusals are asked for: then the transaction waits for nobody to count.
learners_erasing = Signal("learners_erasing")
#: Fact: `learner_ids`, `traces` (core.erasing.Traces: by what texts are known to speak of the person), `actor`. Every
#: room puts a neutral line in place of what it keeps; nothing can bring that back.
learner_erased = Signal("learner_erased", by_floor=True)
#: Fact: `learner_id`, `paper_id`, `attempt_id`, `before`, `after` ("" | "pass" | "fail"): a test was marked, or a mark
#: of it is another than before, with or without the outcome. Not told when an attempt is annulled or reopened.
#: Fact: `learner_id`, `paper_id` (the one that was sat), `attempt_id`, `before`, `after` ("" | "pass" | "fail"): a test
#: was marked, or a mark of it is another than before, with or without the outcome; after "": it is no result any more,
#: because it was annulled, by itself or with its sitting, or goes on; before "": it is one for the first time or anew.
#: Whether the learner has passed over all attempts and retakes is for `exams.queries.outcomes` to say.
result_changed = Signal("result_changed")
#: Fact told before online records are deleted: `record_ids`, `actor`; receivers release the links to them.
online_records_vanishing = Signal("online_records_vanishing")
#: Fact: `learner_ids`, `actor`: what online records say of these learners has changed by a person's decision.
online_results_changed = Signal("online_results_changed")
