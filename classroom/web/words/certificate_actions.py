"""What the log says about intakes, batches and certificates."""

from typing import Any

from flask_babel import lazy_gettext as _l

CERTIFICATE_KINDS: dict[str, Any] = {
    "intake": _l("Intakes"),
    "batch": _l("Batches of certificates"),
    "certificate": _l("Certificates"),
    "certificates": _l("Issuing certificates"),
    "unit": _l("Units"),
    "online_import": _l("Imports of online results"),
    "online_record": _l("Online results"),
}
CERTIFICATE_ACTIONS: dict[str, Any] = {
    "intake.created": _l("Set up the intake %(name)s"),
    "intake.changed": _l("Changed the intake %(name)s"),
    "intake.accounts_given": _l("Gave accounts to %(count)s people"),
    "intake.account_file": _l("Made a file of %(count)s accounts for the platform"),
    "intake.account_annulled": _l("Let the account %(account)s count no longer"),
    "intake.issue_day": _l("Entered the day of issue %(day)s for %(count)s accounts"),
    "intake.list_uploaded": _l("Uploaded the list of people %(filename)s"),
    "intake.list_confirmed": _l("Took in the list of people %(filename)s: %(accounts)s accounts"),
    "intake.policy": _l("Chose which of two results counts: %(after)s instead of %(before)s"),
    "batch.prepared": _l("Prepared batch %(number)s of certificates"),
    "batch.refreshed": _l("Drew up batch %(number)s anew"),
    "batch.submitted": _l("Submitted batch %(number)s with decision %(decision)s"),
    "batch.taken_back": _l("Took batch %(number)s back to change it"),
    "batch.approved": _l("Approved batch %(number)s"),
    "batch.resumed": _l("Let the issuing of batch %(number)s go on"),
    "batch.issued": _l("Issued batch %(number)s"),
    "batch.cancelled": _l("Cancelled batch %(number)s: %(reason)s"),
    "certificates.issued": _l("Gave numbers to %(count)s certificates of batch %(batch)s"),
    "certificates.settings_changed": _l("Changed how certificates are numbered and approved"),
    "certificate.design_saved": _l("Saved the design of certificates"),
    "certificate.design_dropped": _l("Dropped a course's own design of certificates"),
    "certificate.print_asked": _l("Had certificates printed: %(count)s"),
    "certificate.print_anew": _l("Had files for the printer made anew without certificates that are no longer valid"),
    "batch.left_out": _l("Left a learner out of batch %(number)s: %(reason)s"),
    "batch.taken_in": _l("Took a learner into batch %(number)s again"),
    "certificate.revoked": _l("Revoked the certificate %(number)s by decision %(decision)s: %(reason)s"),
    "certificate.restored": _l("Made the certificate %(number)s valid again by decision %(decision)s: %(reason)s"),
    "certificate.voided": _l("Gave up the certificate number %(number)s: %(reason)s"),
    "certificate.taken_back": _l("Noted that certificates are with the office again: %(reason)s"),
    "certificate.handed_out": _l("Handed out certificates to %(to)s"),
    "certificate.reissue_prepared": _l("Prepared a new certificate in place of one: %(reason)s"),
    "unit.joined": _l("Counted “%(alias)s” as %(unit)s"),
    "unit.parted": _l("Counted “%(alias)s” as a unit of its own again"),
    "online_import.uploaded": _l("Uploaded a file of online results: %(files)s"),
    "online_import.columns": _l("Said what the columns of a file of online results mean"),
    "online_import.dropped": _l("Put a file of online results aside"),
    "online_import.started": _l("Started the import of %(rows)s online results"),
    "online_import.confirmed": _l(
        "Imported %(rows)s online results: %(new)s new, %(better)s better, %(skipped)s left out"
    ),
    "online_import.undo_started": _l("Started to take an import of online results back: %(reason)s"),
    "online_import.undo_left": _l("Left an import of online results as it was, which was to be taken back"),
    "online_import.undone": _l("Took an import of online results back: %(reason)s"),
    "online_import.file_fetched": _l("Took out a file of online results as it came"),
    "online_record.retracted": _l("Let the online result of %(account)s count no longer: %(reason)s"),
    "online_record.restored": _l("Let the online result of %(account)s count again"),
}
