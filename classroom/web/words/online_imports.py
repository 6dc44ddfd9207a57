"""Words of imports of online results: what files are refused for, remarks about their rows, meanings of columns."""

from typing import Any

from flask_babel import lazy_gettext as _l

ONLINE_IMPORTS: dict[str, Any] = {
    "vault.closed": _l(
        "The file cannot be opened: it was locked under another secret of this installation, or it is damaged."
    ),
    "online.no_columns": _l(
        "No row of headings was recognised. The file must name accounts (or e-mail addresses) and results; rows above"
        " the headings do no harm. Compare it with our template."
    ),
    "online.no_account_column": _l("Say which column holds the account (or the e-mail address)."),
    "online.only_profiles": _l(
        "The file says who the learners are, but holds no results. Choose the grade report together with it."
    ),
    "online.two_results": _l(
        "Choose one file with results, and with it at most one file that says who the accounts are."
    ),
    "online.nothing_to_join": _l("The two files share no column by which accounts could be joined (username or ID)."),
    "online.same_file": _l(
        "“%(filename)s” is byte for byte a file that was imported on %(day)s. Importing it again would change nothing."
    ),
    "online.file_gone": _l("The file is no longer kept; its name and hash remain."),
    "online.at_work": _l("Another import of this intake is being written just now. Wait until it is done."),
    "online.order_open": _l(
        "Dates in this file could be read with the day or the month first. Say which on the page of columns."
    ),
    "online.taken_ahead": _l(
        "By what the file says, the platform exported it on a day that is yet to come. Correct the time of the export"
        " on the page of columns."
    ),
    "online.nobody": _l("No row of this file can be imported."),
    "online.undo_newer": _l(
        "A later import says something of the same accounts: “%(filename)s” of %(day)s. Undo that one first."
    ),
    "online.undo_begun": _l("This import is being undone already; it can only be undone to the end."),
    "online.account_missing": _l("The row names no account."),
    "online.account_too_long": _l("The account is longer than any platform makes them."),
    "online.profiles_at_odds": _l(
        "The second file gives this account to several people, with other names, dates of birth or ID numbers."
    ),
    "online.score_unreadable": _l("This is no number that a score could be."),
    "online.above_maximum": _l(
        "The value is above the maximum of %(maximum)s. Check the maximum on the page of columns."
    ),
    "online.moment_unreadable": _l("This is no date that can be read."),
    "online.formula_without_value": _l(
        "The cell holds a formula without a result. Open the file in Excel, save it and upload it again."
    ),
    "online.verdict_unreadable": _l("The platform's verdict is not understood and is left out."),
    "online.said_passed": _l("The platform says “passed”; by score and completion we would not."),
    "online.said_failed": _l("The platform says “not passed”; by score and completion it is a pass."),
    "online.completed_before_issue": _l("Completed before the account was issued."),
    "online.completed_far_ahead": _l("The day of completion lies far in the future."),
    "online.account_twice": _l(
        "Row %(other_row)s has the same account with a better or equal result; that one counts."
    ),
    "online.better_stays_retracted": _l(
        "The result of this account was taken back by decision; the better one of this file does not count either."
    ),
    "online.nothing_to_retract": _l(
        "Nothing is known of this account yet. Once an export brings a result that is no newer, the inbox asks."
    ),
    "online.number_of_two_accounts": _l("Row %(other_row)s has the same ID number with another account."),
}

#: The kinds of remarks, as headings.
KIND_TITLES: dict[str, Any] = {
    "online.account_missing": _l("Rows without an account"),
    "online.account_too_long": _l("Accounts that are too long"),
    "online.profiles_at_odds": _l("Accounts that the second file gives to several people"),
    "online.score_unreadable": _l("Scores that cannot be read"),
    "online.above_maximum": _l("Values above the maximum"),
    "online.moment_unreadable": _l("Days that cannot be read"),
    "online.formula_without_value": _l("Formulas without a result"),
    "online.verdict_unreadable": _l("Verdicts that are not understood"),
    "online.said_passed": _l("The platform says passed, the numbers do not"),
    "online.said_failed": _l("The platform says not passed, the numbers do"),
    "online.completed_before_issue": _l("Completed before the account was issued"),
    "online.completed_far_ahead": _l("Completed far in the future"),
    "online.account_twice": _l("Two rows of one account"),
    "online.better_stays_retracted": _l("Better results of accounts that were taken back"),
    "online.nothing_to_retract": _l("Retractions of accounts that are not known"),
    "online.number_of_two_accounts": _l("One ID number with two accounts"),
}

#: What a column can mean, as choices.
MEANINGS: dict[str, Any] = {
    "": _l("– not imported –"),
    "account": _l("Account"),
    "user_id": _l("Number of the user on the platform"),
    "name": _l("Full name"),
    "family_middle": _l("Family and middle name"),
    "given": _l("Given name"),
    "birth": _l("Date of birth"),
    "id_number": _l("ID number"),
    "phone": _l("Phone"),
    "email": _l("E-mail"),
    "unit": _l("Unit"),
    "issued": _l("Day of issue of the account"),
    "completed": _l("Day of completion"),
    "progress": _l("Progress"),
    "score": _l("Score"),
    "said": _l("The platform's verdict"),
    "retracted": _l("Retraction"),
    "taken": _l("Time of the export"),
    "activity": _l("State of an activity"),
    "activity_day": _l("Day of an activity"),
}

#: What a row does.
EFFECTS: dict[str, Any] = {
    "new": _l("A new account"),
    "better": _l("Better result"),
    "worse": _l("Worse result"),
    "other": _l("Other particulars"),
    "same": _l("The same"),
    "older": _l("Older than what is known"),
    "retracted": _l("Retraction: asked in the inbox"),
    "skipped": _l("Left out"),
}
PLATFORMS: dict[str, Any] = {
    "template": _l("Our template"),
    "open_edx": "Open edX",
    "moodle": "Moodle",
    "columns": _l("Columns by hand (One Touch and others)"),
}
