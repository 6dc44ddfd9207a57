"""Who does something: passed to every use case, never fetched from a request inside one."""

from dataclasses import dataclass, field
from typing import Literal

from classroom.core.errors import Forbidden

Kind = Literal["staff", "learner", "screen", "tablet", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts, in the scope of one organisation.

    `classes_taught_only` narrows a trainer to the classes taught; `origin` is the network address, kept for
    the audit trail only.
    """

    kind: Kind
    organisation_id: int
    staff_id: int | None = None
    name: str = ""
    permissions: frozenset[str] = field(default_factory=frozenset)
    classes_taught_only: bool = False
    is_operator: bool = False
    origin: str = ""
    language: str = "vi"
    time_zone: str = "Asia/Ho_Chi_Minh"

    def may(self, permission: str) -> bool:
        """Whether the permission is held."""
        return permission in self.permissions

    def require(self, permission: str) -> None:
        """Refuse unless the permission is held."""
        if not self.may(permission):
            raise Forbidden(permission=permission)


def system(organisation_id: int, name: str = "system") -> Actor:
    """The machine itself, for what happens by the clock."""
    return Actor(kind="system", organisation_id=organisation_id, name=name)


def learner(organisation_id: int, origin: str = "") -> Actor:
    """A learner's phone: known by grant and binding, holding no permission."""
    return Actor(kind="learner", organisation_id=organisation_id, origin=origin)
