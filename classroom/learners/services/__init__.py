"""Add and change learners, one by one or by the hundred, and show what is hidden."""

from classroom.learners.services.erasing import ask_erasure, erase_learner, foresee_erasure, refuse_erasure
from classroom.learners.services.many import add_many, annul_many, change_many
from classroom.learners.services.merging import foresee_merge, merge_learners, split_learners
from classroom.learners.services.single import (
    create_learner,
    note_export,
    replace_code,
    reveal_id_number,
    revive,
    update_learner,
)

__all__ = [
    "add_many",
    "annul_many",
    "ask_erasure",
    "change_many",
    "create_learner",
    "erase_learner",
    "foresee_erasure",
    "foresee_merge",
    "merge_learners",
    "note_export",
    "refuse_erasure",
    "replace_code",
    "reveal_id_number",
    "revive",
    "split_learners",
    "update_learner",
]
