"""Words for refusals about intakes and their accounts."""

from flask_babel import lazy_gettext as _l

INTAKES = {
    "intake.name_taken": _l("This course has an intake of that name already."),
    "intake.days": _l("Write a number of days between 1 and 365."),
    "intake.prefix": _l("At most 40 small letters without accents, digits, dots and hyphens; no hyphen in front."),
    "intake.closed": _l("This intake has ended. Open it again to change its accounts."),
    "intake.too_many": _l("At most %(most)s people at once. Split the list."),
    "intake.file_format": _l("Choose one of the file formats."),
    "intake.nobody_left": _l("Every account is in a file already. Tick “everybody again” for another file of all."),
    "intake.issue_day": _l("The day of issue lies within the last year and not in the future."),
    "intake.nobody_found": _l("No list of people was found in this file. It needs a heading row with “Họ và tên”."),
    "account.annulled": _l("This account counts no longer already."),
}
