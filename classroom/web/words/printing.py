"""Words for refusals about designs, printing and handing out."""

from typing import Any

from flask_babel import lazy_gettext as _l

PRINTING: dict[str, Any] = {
    "design.too_many_lines": _l("At most %(most)s lines."),
    "design.too_long": _l("At most %(most)s letters."),
    "design.no_title": _l("Please fill this in."),
    "design.unknown_place": _l("Nothing is known to be filled in for {%(place)s}."),
    "design.lone_bracket": _l("A curly bracket stands alone in: %(line)s"),
    "design.no_colour": _l("Choose a colour."),
    "design.too_pale": _l("This colour is too pale to be read on paper."),
    "design.not_yet": _l("What is typed cannot be printed like this yet."),
    "certificate.erased": _l("What was printed on this certificate was erased on request."),
    "print.nothing": _l("There is no valid certificate to print among these."),
    "print.number": _l("Write a whole number, such as 100."),
    "print.reason_needed": _l("Some of these have been printed before. Say why they are printed once more."),
    "print.reason_too_long": _l("At most %(most)s letters."),
    "print.no_longer_valid": _l("These files cannot be fetched: they hold certificates that are no longer valid."),
    "print.under_way": _l("The files are still being made. Look again when that has ended."),
    "print.all_valid": _l("All certificates in these files are valid: nothing has to be made anew."),
    "receipt.no_name": _l("Write who received the certificates."),
    "receipt.name_too_long": _l("At most %(most)s letters."),
    "unit.empty": _l("Write both spellings."),
    "unit.too_long": _l("At most %(most)s letters."),
    "unit.itself": _l("Both read the same already."),
}
