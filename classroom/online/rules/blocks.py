"""Who is filed under what: people are found by number, contact, birth and name without looking at all of them. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from classroom.online.rules.faces import Face

Key = tuple[object, ...]
#: What more people than this share, such as the birth date of a form that asks for one, says little of any of them.
CROWD = 100
#: How many of a crowd are looked at for the rarer syllables of their names.
FEW = 40
_SHARED = ("born", "phone", "email")


class Blocks:
    """Learners by key. Of a crowd under one key only those are found who share the name, or a rare syllable of it."""

    def __init__(self, faces: Mapping[int, Sequence[Face]]) -> None:
        self._faces = faces
        self._blocks: dict[Key, set[int]] = defaultdict(set)
        self._crowds: set[Key] = set()

    def add(self, learner: int, face: Face) -> None:
        """File a learner, whose faces hold this one already."""
        for key in _keys_of(face):
            block = self._blocks[key]
            block.add(learner)
            if key in self._crowds:
                self._sort_in(key, learner, face)
            elif key[0] in _SHARED and len(block) > CROWD:
                self._open(key)

    def remove(self, learner: int, face: Face) -> None:
        """Forget one face of a learner."""
        for key in _keys_of(face):
            self._blocks[key].discard(learner)
            if key in self._crowds:
                for part in _parts_of(face):
                    self._blocks[*key, part].discard(learner)

    def near(self, face: Face) -> set[int]:
        """Learners who share something that may matter."""
        found: set[int] = set()
        for key in _asked_by(face):
            found.update(self._among(key, face) if key in self._crowds else self._blocks.get(key, ()))
        return found

    def holds(self, key: Key) -> bool:
        """Whether anybody is filed under this."""
        return bool(self._blocks.get(key))

    def _open(self, key: Key) -> None:
        self._crowds.add(key)
        for learner in self._blocks[key]:
            for face in self._faces[learner]:
                if key in _keys_of(face):
                    self._sort_in(key, learner, face)

    def _sort_in(self, key: Key, learner: int, face: Face) -> None:
        for part in _parts_of(face):
            self._blocks[*key, part].add(learner)

    def _among(self, key: Key, face: Face) -> set[int]:
        found = set(self._blocks.get((*key, face.name_key), ()))
        by_syllable = (self._blocks.get((*key, part), set()) for part in set(face.syllables))
        for block in sorted(by_syllable, key=len):
            if len(found | block) > FEW:
                break
            found |= block
        return found


def _parts_of(face: Face) -> set[str]:
    return {face.name_key, *face.syllables} - {""}


def _keys_of(face: Face) -> Iterator[Key]:
    """Under what a face is found."""
    if face.id_number:
        yield "number", face.id_number
    if face.phone:
        yield "phone", face.phone
    if face.email:
        yield "email", face.email.casefold()
    if face.born_on:
        yield "born", face.born_on
    if face.name_fold:
        name = face.name_key
        yield "name", name, face.birth_year
        if face.unit_fold:
            yield "unit", name, face.unit_fold


def _asked_by(face: Face) -> Iterator[Key]:
    """Under what a face looks for others."""
    yield from _keys_of(face)
    if face.name_fold and face.birth_year is not None:
        yield "name", face.name_key, None
