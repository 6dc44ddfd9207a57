"""Words for batches, numbers and certificates: refusals, states, problems, what happened."""

from typing import Any

from flask_babel import lazy_gettext as _l

ISSUING: dict[str, Any] = {
    "number.unknown_token": _l("Only {serial}, {serial:5}, {year} and {org} may stand in braces."),
    "number.letters": _l("Only letters, digits, blanks and the signs / . - may stand between the parts."),
    "number.one_serial": _l("The serial number {serial} must stand in the pattern, once."),
    "number.one_year": _l(
        "The year {year} must stand in the pattern, once: serial numbers begin at 1 each year, and would come again."
    ),
    "number.no_organisation": _l("The pattern names the organisation: give its abbreviation, such as SKHCN."),
    "number.organisation_letters": _l("Only letters, digits, blanks and the signs / . - may stand here."),
    "number.too_long": _l("Numbers of this pattern would be longer than %(most)s letters."),
    "number.issuing": _l("Numbers are being given right now. Wait until the batch is issued."),
    "number.four_eyes_administrator": _l("Only an administrator can switch this off."),
    "number.four_eyes_waits": _l(
        "A batch waits for approval by somebody else. Let it be approved or taken back first."
    ),
    "number.clash": _l("By this pattern the number %(number)s would be given a second time. Choose another pattern."),
    "verify.address": _l("Write a whole address, such as https://xacminh.example.vn, without anything after it."),
    "batch.nobody": _l("Nobody of this choice passes and has no certificate yet."),
    "batch.nobody_yet": _l(
        "Nobody can be certified just now: an import of results of %(intakes)s is being undone. Wait until it is done."
    ),
    "batch.draft_open": _l("An earlier batch of this course is still a draft. Finish or cancel it first."),
    "batch.state": _l("The batch has moved on meanwhile. Look at it as it is now."),
    "batch.not_ready": _l("The lines of the batch are still being written. Wait a moment."),
    "batch.empty": _l("Nobody is left in this batch."),
    "batch.stale": _l("%(count)s lines differ from what is true now: refresh the batch, and print the list again."),
    "batch.line_closed": _l("This line is left out for another reason. Refresh the batch."),
    "batch.four_eyes": _l("Somebody else must approve: you have submitted this batch yourself."),
    "decision.no_number": _l("The number of the decision is missing."),
    "decision.long_number": _l("The number of the decision is too long."),
    "decision.no_date": _l("The day of the decision is missing."),
    "decision.in_future": _l("The decision cannot be of a day to come."),
    "decision.long_ago": _l("The decision cannot be that old: write the year with four digits."),
    "decision.issued_before": _l("The day of issue cannot lie before the decision."),
    "decision.issued_late": _l("The day of issue lies too far ahead."),
    "decision.no_signer": _l("Say who signs the certificates."),
    "decision.no_file": _l("Attach the scan of the decision."),
    "decision.file_empty": _l("The file is empty. Choose it again."),
    "decision.file_large": _l("The file is larger than %(megabytes)s MB. Scan it with a lower resolution."),
    "decision.file_kind": _l("Only PDF, JPEG and PNG files can be kept here."),
    "decision.file_broken": _l("The PDF breaks off in the middle. Scan it again."),
    "decision.file_active": _l(
        "The PDF is locked, or holds programs or other files. Print it to a new PDF and send that."
    ),
    "certificate.state": _l("The certificate is in another state by now. Look at it as it is."),
    "certificate.has_living": _l(
        "The learner holds another valid certificate of this course. Revoke that one first, or leave this one revoked."
    ),
    "certificate.handed_out": _l("This certificate has been handed out. Revoke or reissue it instead."),
    "certificate.not_handed_out": _l("This certificate has not been handed out."),
    "certificate.same_facts": _l(
        "The new certificate would say the same. Correct the name, birth date or unit on the learner's page first."
    ),
    "certificate.reissue_open": _l("A new certificate in place of this one is on its way already."),
    "certificate.reissue_kind": _l("Say why the certificate is issued once more."),
    "online_import.has_certificates": _l(
        "This import cannot be undone: %(count)s certificates were issued from it (%(numbers)s). Revoke or void them"
        " first."
    ),
    "online_import.batch_under_way": _l(
        "This import cannot be undone now: a batch that was submitted holds %(count)s people by their online results."
        " Take the batch back or cancel it first."
    ),
    "import.undo_certificates": _l(
        "This import cannot be undone: %(count)s certificates of its people exist or are on their way."
    ),
}
#: Word, tone and icon of a batch's state.
BATCH_STATES: dict[str, tuple[Any, str, str]] = {
    "draft": (_l("Draft"), "muted", "pencil"),
    "submitted": (_l("Waits for approval"), "attention", "clock-fill"),
    "approved": (_l("Approved"), "primary", "check-circle-fill"),
    "issuing": (_l("Numbers are being given"), "primary", "clock-fill"),
    "issued": (_l("Issued"), "success", "check-circle-fill"),
    "cancelled": (_l("Cancelled"), "muted", "x-circle-fill"),
}
#: The same of a certificate.
CERTIFICATE_STATES: dict[str, tuple[Any, str, str]] = {
    "issued": (_l("Valid"), "success", "check-circle-fill"),
    "revoked": (_l("Revoked"), "danger", "x-circle-fill"),
    "replaced": (_l("Replaced"), "attention", "arrow-repeat"),
    "void": (_l("Void"), "muted", "dash-circle"),
}
#: What should be looked at on a line (rules.batches.problems_of).
PROBLEMS: dict[str, Any] = {
    "no_birth": _l("No birth date"),
    "birth_year": _l("Birth year only"),
    "capitals": _l("Name in capitals"),
    "odd_name": _l("Odd name"),
    "no_unit": _l("No unit"),
    "class_and_intake": _l("In a class and in an intake"),
    "revoked": _l("An earlier certificate was revoked"),
    "twin": _l("Same name and birth date twice"),
}
#: Why a line gets no certificate.
LEFT_OUT: dict[str, Any] = {
    "by_hand": _l("Left out by hand"),
    "revoked": _l("An earlier certificate was revoked"),
    "no_longer_passes": _l("No longer passes"),
    "merged": _l("Now one person with another learner"),
    "certified": _l("Got a certificate meanwhile"),
    "not_living": _l("The old certificate is no longer valid"),
    "denied": _l("On the list of those not to be certified"),
    "gone": _l("Personal data erased"),
}
#: In what a line differs from what is true now (queries.stale).
DIFFERENCES: dict[str, Any] = {
    **LEFT_OUT,
    "held": _l("Identity in question"),
    "undoing": _l("An import of results is being undone"),
    "name": _l("Name corrected"),
    "born": _l("Birth date corrected"),
    "unit": _l("Unit corrected"),
    "outcome": _l("Decided anew"),
    "course": _l("Course, programme or organisation renamed"),
}
REISSUES: dict[str, Any] = {
    "facts": _l("What is printed was corrected"),
    "lost": _l("The paper was lost"),
    "damaged": _l("The paper is damaged"),
}
EVENTS: dict[str, Any] = {
    "issued": _l("Issued"),
    "revoked": _l("Revoked"),
    "restored": _l("Made valid again"),
    "replaced": _l("Replaced by another certificate"),
    "voided": _l("Number given up"),
    "handed_out": _l("Handed out"),
    "taken_back": _l("Taken back"),
    "erased": _l("Personal data erased"),
    "printed": _l("Printed"),
    "learner_changed": _l("Learners merged or parted"),
}
PATHS: dict[str, Any] = {
    "in_person": _l("In person"),
    "online": _l("Online"),
    "mixed": _l("In person and online"),
    "listed": _l("By list"),
}
