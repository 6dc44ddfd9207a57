"""Words of the remarks about the rows of a class list, and of what an import is refused for."""

from typing import Any

from flask_babel import lazy_gettext as _l

ROSTERS: dict[str, Any] = {
    "roster.id_number_missing": _l("There is no ID number. The person can be imported without it."),
    "roster.repeated_id_number": _l(
        "Row %(earlier_row)s has the same ID number. Correct one of them or leave one row out."
    ),
    "roster.same_name_and_birth": _l(
        "Row %(earlier_row)s has the same name and birth. Both are kept as two people; check that nobody is "
        "listed twice."
    ),
    "roster.same_name": _l("Row %(earlier_row)s has the same name with another birth: two people."),
    "roster.repeated_phone": _l("Row %(earlier_row)s has the same phone number."),
    "roster.repeated_email": _l("Row %(earlier_row)s has the same e-mail address."),
    "roster.sex_both": _l("Both Nam and Nữ are marked; the sex is left open."),
    "roster.text_too_long": _l("The text is longer than %(limit)s characters and was cut."),
    "roster.cell_error": _l("The cell shows an error of the spreadsheet (such as #REF!) and is left out."),
    "roster.formula_without_value": _l(
        "The cell holds a formula without a result. Open the file in Excel, save it and upload it again, or "
        "type the value."
    ),
    "roster.formula": _l("The value is the result of a formula."),
    "roster.code_unreadable": _l("This is not a learner code; it is left out."),
    "roster.class_missing": _l("The row names no class. Type its code, or leave the row out."),
    "roster.class_unknown": _l("This course has no class “%(value)s”. Choose the class that is meant."),
    "roster.class_cancelled": _l("Class “%(value)s” has been cancelled. Choose another class."),
    "roster.code_of_another": _l("Learner code %(value)s and ID number belong to two different people. Correct one."),
    "roster.same_learner_twice": _l("Row %(earlier_row)s is the same learner. Leave one row out."),
    "import.no_file": _l("Choose the file with the list first."),
    "import.no_such_sheet": _l("The file has no such sheet."),
    "import.class_needed": _l("Say which class these people belong to."),
    "import.nobody": _l(
        "No people were found in this sheet. Say which row holds the headings and which column the names."
    ),
    "import.class_cancelled": _l("This class has been cancelled. Choose another one."),
    "import.problems_open": _l("%(count)s rows have problems. Correct them or leave them out, then go on."),
    "import.questions_open": _l("%(count)s rows resemble somebody who is known already. Say who they are, then go on."),
    "import.over_capacity": _l(
        "Class %(class_code)s would hold more people than it is for. Tick the box beside it if that is meant."
    ),
    "import.changed_meanwhile": _l(
        "Something has changed since you looked. Here is what would happen now: look again."
    ),
    "import.clash": _l("Somebody else has just changed the same people or places. Nothing was written; look again."),
    "import.closed": _l("This list has been imported or put aside already. Upload it again to start anew."),
    "import.not_confirmed": _l("This list has not been imported, so there is nothing to undo."),
    "import.undo_number_taken": _l(
        "%(name)s cannot get the earlier ID number back: %(other)s (%(learner_code)s) has it by now."
        " Correct that first."
    ),
    "import.undo_changed": _l(
        "%(count)s of these learners have left or changed class since. Undo that first, or change people one by one."
    ),
}

#: The kinds of remarks, as headings; the words for one remark are in the tables of refusals.
KINDS: dict[str, Any] = {
    "roster.name_missing": _l("No name"),
    "roster.name_too_long": _l("Name too long"),
    "roster.name_old_encoding": _l("Names in an old font"),
    "roster.name_decomposed": _l("Accents put into the usual form"),
    "roster.name_spaces": _l("Extra spaces removed"),
    "roster.name_odd_characters": _l("Digits or signs in names"),
    "roster.name_one_word": _l("Names of a single word"),
    "roster.name_capitals": _l("Names in capitals"),
    "roster.name_no_capitals": _l("Names without capitals"),
    "roster.birth_year_only": _l("Only the year of birth"),
    "roster.birth_month_only": _l("Only month and year of birth"),
    "roster.birth_implausible": _l("Unlikely age"),
    "roster.birth_year_shown_as_date": _l("Year typed into a date cell"),
    "roster.birth_serial_number": _l("Dates that became numbers"),
    "roster.birth_two_digit_year": _l("Years of two digits"),
    "roster.birth_month_first": _l("Month before day"),
    "roster.birth_unreadable": _l("Dates that cannot be read"),
    "roster.id_number_missing": _l("No ID number"),
    "roster.id_number_lost_zero": _l("ID numbers that lost their zero"),
    "roster.id_number_old_card": _l("Nine-digit numbers of old cards"),
    "roster.id_number_scientific": _l("Shortened ID numbers"),
    "roster.id_number_not_digits": _l("ID numbers with other signs"),
    "roster.id_number_wrong_length": _l("ID numbers of a wrong length"),
    "roster.id_number_unknown_province": _l("ID numbers of no province"),
    "roster.id_number_other_birth_year": _l("ID number and birth disagree"),
    "roster.id_number_other_sex": _l("ID number and sex disagree"),
    "roster.id_number_future_century": _l("ID numbers of a later century"),
    "roster.repeated_id_number": _l("The same ID number twice"),
    "roster.same_name_and_birth": _l("Same name and birth"),
    "roster.same_name": _l("Same name, other birth"),
    "roster.repeated_phone": _l("The same phone number twice"),
    "roster.repeated_email": _l("The same e-mail address twice"),
    "roster.phone_lost_zero": _l("Phone numbers given their zero back"),
    "roster.phone_several": _l("Several phone numbers in a cell"),
    "roster.phone_not_mobile": _l("Landline numbers"),
    "roster.phone_unreadable": _l("Phone numbers that cannot be read"),
    "roster.email_unreadable": _l("E-mail addresses that cannot be read"),
    "roster.sex_unreadable": _l("Sex that cannot be read"),
    "roster.sex_both": _l("Both Nam and Nữ marked"),
    "roster.audience_unreadable": _l("Audience that cannot be read"),
    "roster.text_too_long": _l("Texts that were cut"),
    "roster.cell_error": _l("Errors of the spreadsheet"),
    "roster.formula_without_value": _l("Formulas without a result"),
    "roster.formula": _l("Results of formulas"),
    "roster.code_unreadable": _l("Learner codes that cannot be read"),
    "roster.class_missing": _l("Rows without a class"),
    "roster.class_unknown": _l("Classes that do not exist"),
    "roster.class_cancelled": _l("Classes that have been cancelled"),
    "roster.code_of_another": _l("Code and ID number of two people"),
    "roster.same_learner_twice": _l("One learner in two rows"),
}
#: What a column can hold, as choices.
FIELDS: dict[str, Any] = {
    "": _l("– not imported –"),
    "ordinal": _l("No."),
    "code": _l("Learner code"),
    "name": _l("Full name"),
    "family_middle": _l("Family and middle name"),
    "given": _l("Given name"),
    "birth": _l("Date of birth"),
    "sex": _l("Sex"),
    "male": _l("Male (marked)"),
    "female": _l("Female (marked)"),
    "id_number": _l("ID number"),
    "phone": _l("Phone"),
    "email": _l("E-mail"),
    "audience": _l("Audience"),
    "position": _l("Position"),
    "unit": _l("Unit"),
    "commune": _l("Commune"),
    "note": _l("Note"),
    "class": _l("Class"),
}
