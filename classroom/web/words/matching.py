"""Words of matching: why somebody is asked, what agrees and what does not, what happened, what is refused."""

from typing import Any

from flask_babel import lazy_gettext as _l

#: Why a record waits for a person, short, as a choice in a list.
REASONS: dict[str, Any] = {
    "number_slip": _l("One digit apart"),
    "name_birth": _l("Same name and birth only"),
    "old_number": _l("Old ID number"),
    "odd_number": _l("Doubtful ID number"),
    "second_account": _l("Second account"),
    "number_other_name": _l("Same ID number, other name"),
    "account": _l("Account used by somebody else?"),
    "contact": _l("Same phone or e-mail, other person?"),
    "similar": _l("Similar names"),
    "several": _l("Several candidates"),
    "changed": _l("Somebody else since"),
}
#: The same as a sentence.
SENTENCES: dict[str, Any] = {
    "number_slip": _l("The ID numbers differ in one place, and all else agrees: probably a typing mistake."),
    "name_birth": _l("Name and birth agree, but no number, phone or e-mail says that this is one person."),
    "old_number": _l("Both show the same old nine-digit number, but name or birth is not certain."),
    "odd_number": _l("An ID number is not a valid one, so that it proves nothing."),
    "second_account": _l("This person has another account in the same intake already, or the two are twins."),
    "number_other_name": _l("Both show the same ID number under different names."),
    "account": _l("We issued this account to somebody whose facts do not agree with what the platform shows."),
    "contact": _l("Phone or e-mail is the same, but not name or birth: families share phones."),
    "similar": _l("The names are similar, and nothing else decides."),
    "several": _l("More than one learner fits, or something forbids joining them without being asked."),
    "changed": _l("The result was linked to the first learner; a newer import says other things of the person."),
}
#: What was found to agree.
EVIDENCE: dict[str, Any] = {
    "account": _l("account issued by us"),
    "id_number": _l("same ID number"),
    "old_number": _l("same old ID number"),
    "odd_number": _l("same ID number, though not a valid one"),
    "id_number_slip": _l("ID numbers one place apart"),
    "name": _l("same name"),
    "name_order": _l("same name in another order"),
    "name_marks": _l("same name with other accents"),
    "name_similar": _l("similar name"),
    "birth": _l("same date of birth"),
    "birth_year": _l("same year of birth"),
    "phone": _l("same phone"),
    "email": _l("same e-mail"),
    "unit": _l("same unit"),
}
#: How a record came to its learner.
HOW: dict[str, Any] = {
    "account": _l("by the account that we issued"),
    "id_number": _l("by the ID number"),
    "phone": _l("by phone and name"),
    "email": _l("by e-mail and name"),
    "own": _l("a learner made of this result"),
    "hand": _l("linked by hand"),
}
EVENTS: dict[str, Any] = {
    "linked": _l("Linked by the machine"),
    "own": _l("Became a learner"),
    "queued": _l("Put into the queue"),
    "same": _l("Said to be the same person"),
    "different": _l("Said to be different people"),
    "unlinked": _l("Link taken away"),
    "undone": _l("Decision taken back"),
    "merged": _l("Went over when two learners were made one"),
    "split": _l("Came back when two learners were parted"),
}
LINKS: dict[str, Any] = {
    "new": _l("Not looked at yet"),
    "queued": _l("Waits for a decision"),
    "matched": _l("Linked"),
    "own": _l("Learner of its own"),
}
MATCHING: dict[str, Any] = {
    "match.decided": _l("Somebody has decided this already. Look at the record to see how."),
    "match.changed": _l("Something has changed since, so that this decision cannot be taken back here."),
    "match.not_decided": _l("There is no decision to take back."),
    "match.choice_needed": _l(
        "Both learners hold a certificate of one course. Merge them on the learner's page, where you say which one"
        " stays."
    ),
    "match.linked": _l("This result is somebody else's already. Take that link away first."),
    "match.not_linked": _l("This result is not linked to anybody."),
}
MATCH_ACTIONS: dict[str, Any] = {
    "online.matched": _l("Matched online results: %(linked)s linked, %(own)s new learners, %(queued)s to be asked"),
    "online.match_same": _l("Said that an online result is the learner's with the code %(learner)s"),
    "online.match_different": _l("Said that an online result is none of the %(candidates)s learners proposed"),
    "online.match_later": _l("Put a question about an online result off"),
    "online.match_undone": _l("Took a decision about an online result back"),
    "online.linked": _l("Linked an online result to the learner with the code %(learner)s by hand"),
    "online.unlinked": _l("Took the link of an online result away: %(reason)s"),
    "online.id_number_shown": _l("Looked at the whole ID number of an online result"),
}
