"""How many wrong tries are allowed. Never by network address: a whole class sits behind one.

Counts come from the throttle. If it cannot be reached they are None, and check-in goes on.
"""

from datetime import timedelta

from classroom.core.errors import Refusal

#: Wrong identifications with one grant; after them the trainer's tap is the way.
WRONG_PER_GRANT = 6
#: Wrong identifications that claim the same learner, from whatever phone, within the window.
WRONG_PER_LEARNER = 10
WRONG_PER_LEARNER_WINDOW = timedelta(hours=1)
#: Wrong identifications in one session within the window, over all phones and grants: four for each of a hundred
#: learners. Whoever asks on and on for other people's numbers is sent to the trainer; who is known already is not.
WRONG_PER_SESSION = 400
#: Wrong typed codes that begin like the session's: 60 tries at 2 of 2²⁰ codes hit once in 8,700 sessions.
WRONG_TYPED_PER_SESSION = 60


def check_identification(
    wrong_with_grant: int | None, wrong_for_learner: int | None, wrong_in_session: int | None = None
) -> None:
    """Refuse a further try (`identify.too_many`); the learner can still ask the trainer.

    The limit per learner must be checked, and answered, alike for learners who exist and claims that fit
    nobody.
    """
    reached = (
        (wrong_with_grant or 0) >= WRONG_PER_GRANT,
        (wrong_for_learner or 0) >= WRONG_PER_LEARNER,
        (wrong_in_session or 0) >= WRONG_PER_SESSION,
    )
    if any(reached):
        raise Refusal("identify.too_many")


def typed_code_is_on(wrong_for_session: int | None, *, allowed: bool = True) -> bool:
    """Whether the typed code of a session still works: the class allows it and not too many guessed wrong."""
    return allowed and (wrong_for_session or 0) < WRONG_TYPED_PER_SESSION
