"""Words about erasing a person: refusals, and what will happen in numbers."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

ERASURE: dict[str, Any] = {
    "erasure.unsaid": _l("Please say who asked, and how you made sure that it is this person."),
    "erasure.day": _l("Write the date as day/month/year, such as 14/10/2026."),
    "erasure.future": _l("The request cannot have come in after today."),
    "erasure.open": _l("A request for this learner waits already. Look at the list of requests."),
    "erasure.decided": _l("This request has been decided already."),
    "erasure.writes_a_test": _l("This person is writing a test now. Wait until it has ended."),
    "erasure.import_waits": _l(
        "An import of online results waits or is under way, and nobody can tell yet whom it names."
        " Confirm it or drop it first."
    ),
    "erasure.batch_under_way": _l(
        "The person is in a batch of certificates that is being approved or issued (%(title)s)."
        " Wait until it is issued, or take the person out of it."
    ),
}

#: What goes, then what stays, each with its number.
_COUNTS: dict[str, Any] = {
    "learners": _l(
        "Name, birth, ID number, phone, e-mail, unit, position and notes become empty: %(count)s entries of this person"
    ),
    "merges": _l("Merges that can be parted no more: %(count)s"),
    "places": _l("Notes and reasons of places in classes become empty: %(count)s"),
    "badges": _l("Badges that are good no longer: %(count)s"),
    "phones": _l("Phones that forget the person: %(count)s"),
    "door_texts": _l("Names and numbers typed at the door that are erased: %(count)s"),
    "lists": _l("Files with people whose content is dropped, the hash is kept: %(count)s"),
    "online_files": _l("Files of online results whose content is dropped, the hash is kept: %(count)s"),
    "accounts": _l("Online accounts that lead to nobody any more: %(count)s"),
    "print_files": _l("Print files that are dropped and can be made again without the person: %(count)s"),
    "marks_stay": _l("Marks of attendance that stay as numbers: %(count)s"),
    "attempts_stay": _l("Attempts at tests that stay as numbers: %(count)s"),
    "records_stay": _l("Online results that stay as numbers: %(count)s"),
    "outcomes_stay": _l("Decisions about certificates that stay as numbers: %(count)s"),
    "certificates_stay": _l(
        "Certificates that keep number, printed name, decision and days in the register, and are verified by number and"
        " day alone: %(count)s"
    ),
}


def say_counts(counts: Mapping[str, int]) -> list[str]:
    """Sentences with numbers, what goes before what stays."""
    return [str(words) % {"count": counts[name]} for name, words in _COUNTS.items() if counts.get(name)]
