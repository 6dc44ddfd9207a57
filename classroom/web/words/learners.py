"""Words of the learners room: sexes, audiences, refusals, and remarks about what was typed or stands in a file."""

from collections.abc import Collection
from typing import Any

from flask_babel import lazy_gettext as _l

from classroom.web.words.rosters import FIELDS

SEX_WORDS: dict[str, Any] = {"male": _l("Male"), "female": _l("Female")}
AUDIENCE_WORDS: dict[str, Any] = {"official": _l("Official"), "citizen": _l("Citizen"), "business": _l("Business")}
#: What a merge may have changed and a split may have to leave, by table or by table and column, where it is not simply
#: a learner's field.
_CHANGED_SINCE: dict[str, Any] = {
    "learner.name_fold": FIELDS["name"],
    "learner.sort_key": FIELDS["name"],
    "learner.born_on": FIELDS["birth"],
    "learner.birth_year": FIELDS["birth"],
    "learner.unit_fold": FIELDS["unit"],
    "enrolment": _l("Places in classes"),
    "binding": _l("Phones"),
    "badge": _l("Badges"),
}


def say_changed(columns: Collection[str]) -> list[str]:
    """What columns (such as "learner.email") hold, each thing once, in the reader's language."""
    return sorted({str(_changed(column)) for column in columns})


def _changed(column: str) -> Any:
    table, _, name = column.partition(".")
    own = _CHANGED_SINCE.get(column) or _CHANGED_SINCE.get(table)
    return own or FIELDS.get(name) or _l("Whether the learner counts")


LEARNERS: dict[str, Any] = {
    "learner.nobody_found": _l("Nobody matches, so there is no list to take out. Search for something else."),
    "learner.id_number_taken": _l("%(name)s (%(learner_code)s) has this ID number (%(id_number)s) already."),
    "learner.id_number_merged": _l(
        "This ID number (%(id_number)s) belongs to %(name)s (%(learner_code)s): a record with it was merged into"
        " theirs. Open that learner; if they are two people after all, part the records first."
    ),
    "merge.same": _l("This is one and the same learner. Choose another one."),
    "merge.already": _l("One of the two has been merged already. Look at the learner's page again."),
    "merge.split": _l("The two have been parted already."),
    "merge.later_first": _l("The kept learner was merged with somebody else later. Part those two first."),
    "merge.clash": _l(
        "Something has since taken what would come back: the ID number, the seat or the badge. Free it, then try again."
    ),
    "learner.phone_unreadable": _l("This is not a phone number. Write it as 0912 345 678, or leave the field empty."),
    "learner.email_unreadable": _l("This is not an e-mail address. Correct it, or leave the field empty."),
    "roster.name_missing": _l("The name is missing. Type it in, or leave the row out."),
    "roster.name_too_long": _l("The name is longer than %(limit)s characters. Check that it is one person's name."),
    "roster.name_old_encoding": _l("The name is written in an old font. Should it be read as proposed?"),
    "roster.name_decomposed": _l("The name's accents were put into the usual form."),
    "roster.name_spaces": _l("Extra spaces in the name were removed."),
    "roster.name_odd_characters": _l("The name contains digits or signs. Check it."),
    "roster.name_one_word": _l("The name has a single word. Check that the family name is not missing."),
    "roster.name_capitals": _l("The name is in capitals. Should it be written as proposed?"),
    "roster.name_no_capitals": _l("The name has no capitals. Should it be written as proposed?"),
    "roster.birth_year_only": _l("Only the year of birth is given; it is kept as a year."),
    "roster.birth_month_only": _l("Only month and year of birth are given; the year is kept."),
    "roster.birth_implausible": _l("The person would be %(age)s years old. Check the birth date."),
    "roster.birth_year_shown_as_date": _l(
        "A year seems to have been typed into a date cell. Is the year of birth as proposed?"
    ),
    "roster.birth_serial_number": _l("The date of birth stands as a number of days. Is it the date proposed?"),
    "roster.birth_two_digit_year": _l("The year of birth has two digits only. Is it the date proposed?"),
    "roster.birth_month_first": _l("The month seems to stand before the day. Is it the date proposed?"),
    "roster.birth_unreadable": _l("This is not a date. Write it as day/month/year, for example 07/03/1985."),
    "roster.id_number_lost_zero": _l(
        "The spreadsheet seems to have dropped the zero in front. Is the number as proposed?"
    ),
    "roster.id_number_old_card": _l("This is the nine-digit number of an old card; it is kept as such."),
    "roster.id_number_scientific": _l(
        "The spreadsheet has shortened the number (such as 4.01E+11), its digits are lost. Type the 12 digits again."
    ),
    "roster.id_number_not_digits": _l("An ID number has digits only. Correct it or clear the cell."),
    "roster.id_number_wrong_length": _l(
        "The number has %(length)s digits; a citizen ID has 12, an old card 9. Correct it or clear the cell."
    ),
    "roster.id_number_unknown_province": _l(
        "No province has the code %(digits)s with which the number begins. Check the number."
    ),
    "roster.id_number_other_birth_year": _l(
        "The ID number says the person was born in %(year)s, which is not the birth in this row. Check both."
    ),
    "roster.id_number_other_sex": _l("The ID number says the other sex. Check both."),
    "roster.id_number_future_century": _l(
        "The fourth digit (%(digit)s) stands for a century still to come. Check the number."
    ),
    "roster.phone_lost_zero": _l("The zero in front of the phone number was put back."),
    "roster.phone_several": _l("There are several phone numbers; the first one is kept."),
    "roster.phone_not_mobile": _l("This is not a mobile number."),
    "roster.phone_unreadable": _l("This is not a phone number; it is left out."),
    "roster.email_unreadable": _l("This is not an e-mail address; it is left out."),
    "roster.sex_unreadable": _l("The sex cannot be read; it is left open."),
    "roster.audience_unreadable": _l("The audience cannot be read; it is left open."),
}
