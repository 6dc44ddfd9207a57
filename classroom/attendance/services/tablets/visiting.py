"""One batch of one tablet: whose it is, which classes it serves, and what was looked up for it already."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from classroom.accounts.models import Organisation, Tablet
from classroom.attendance.queries import tablets as queries
from classroom.attendance.queries.session_facts import SessionFacts, find_session_facts
from classroom.attendance.rules import Item, Source
from classroom.attendance.rules.tablets import LATEST
from classroom.attendance.services.tablets.keeping import keep_scan, keep_texts
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.errors import Refusal

#: How an item reached the tablet.
SOURCES = {"badge": Source.BADGE, "tie": Source.BADGE, "card": Source.CARD, "picked": Source.PICKED}


@dataclass(slots=True)
class Visit:
    """One batch of one tablet, and what was looked up for it already."""

    tablet_id: int
    tablet: str
    revoked: bool
    organisation_id: int
    time_zone: str
    ahead: timedelta
    origin: str
    #: Who is signed in while the batch is sent.
    signed_in: int | None = None
    classes: set[int] = field(default_factory=set)
    _facts: dict[str, SessionFacts | None] = field(default_factory=dict)
    _staff: dict[str, int] | None = None
    _last_days: dict[int, Any] = field(default_factory=dict)

    @staticmethod
    def of(
        tablet: Tablet, organisation: Organisation, ahead: timedelta, origin: str, signed_in: int | None = None
    ) -> "Visit":
        """Taken from the rows, which do not outlive a transaction."""
        return Visit(
            tablet.id,
            tablet.name,
            tablet.revoked_at is not None,
            organisation.id,
            organisation.time_zone,
            ahead,
            origin,
            signed_in,
        )

    def refresh(self) -> None:
        """Look everything up again: a transaction begins."""
        self.classes = queries.classes_of_tablet(self.tablet_id)
        self._staff = None
        self._facts.clear()

    def session(self, public_id: str) -> SessionFacts:
        """A session of the tablet's organisation; raises Refusal `scan.foreign_session`."""
        facts = self.find_session(public_id)
        if facts is None:
            raise Refusal("scan.foreign_session")
        return facts

    def find_session(self, public_id: str) -> SessionFacts | None:
        """The same, or None."""
        if public_id not in self._facts:
            self._facts[public_id] = find_session_facts(public_id)
        facts = self._facts[public_id]
        return facts if facts is not None and facts.organisation_id == self.organisation_id else None

    def distrust(self, facts: SessionFacts | None) -> str:
        """Why nothing counts by itself that the tablet brings for a session, nor is it told any name; "" for none.

        A tablet serves the classes whose rosters it was given. A browser that was let in anew may still hold scans of
        others.
        """
        if self.revoked:
            return "tablet.revoked"
        return "tablet.not_its_class" if facts is not None and facts.class_id not in self.classes else ""

    def is_stale(self, item: Item) -> bool:
        """Whether an item that nothing can be made of has been sent long enough, or its time is far from any truth."""
        return abs(now() - item.scanned_at(self.ahead)) > LATEST

    def staff_id(self, public_id: str) -> int | None:
        """Who held the tablet, if it is somebody who fetched its lists or is signed in on it; others it cannot name."""
        if not public_id:
            return None
        if self._staff is None:
            self._staff = queries.staff_of_tablet(self.organisation_id, self.tablet_id, self.signed_in)
        return self._staff.get(public_id)

    def last_day(self, class_id: int) -> Any:
        """The last day of a class."""
        if class_id not in self._last_days:
            self._last_days |= queries.last_days([class_id])
        return self._last_days[class_id]

    def actor(self, item: Item) -> Actor:
        """The tablet in somebody's hands."""
        return Actor(
            "tablet",
            self.organisation_id,
            staff_id=self.staff_id(item.staff),
            name=self.tablet,
            origin=self.origin,
            time_zone=self.time_zone,
        )

    def keep_refused(self, item: Item, code: str, *, outcome: str = "refused", **known: Any) -> int | None:
        """Write an item down that makes no mark; where it names nobody, with what was scanned or typed."""
        scan_id = keep_scan(
            self,
            self.find_session(item.session),
            source=SOURCES.get(item.kind, Source.PICKED).value,
            uuid=item.uuid,
            outcome=outcome,
            refusal=code,
            scanned_at=item.scanned_at(self.ahead),
            content_hash=item.content_hash(),
            direction=item.direction,
            staff_id=self.staff_id(item.staff),
            device_at=item.device_at,
            **known,
        )
        if scan_id is not None and known.get("learner_id") is None and item.kind != "undo":
            keep_texts(self, scan_id, uuid=item.uuid, kind=item.kind, session=item.session, texts=item.texts)
        return scan_id
