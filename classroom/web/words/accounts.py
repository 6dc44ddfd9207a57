"""Words of the accounts room's refusals."""

from typing import Any

from flask_babel import lazy_gettext as _l

ACCOUNTS: dict[str, Any] = {
    "inspector.day": _l("The last day must be from today on and at most %(days)s days away."),
    "account.sign_in_needed": _l("Please sign in to go on."),
    "account.wrong": _l("The user name or the password is not right. Please try again."),
    "account.too_many_tries": _l("Too many wrong passwords for this account. Please try again in %(minutes)s minutes."),
    "account.link_unusable": _l("This link has been used or has run out. Ask your administrator for a new one."),
    "account.username_taken": _l("This user name is taken. Choose another one."),
    "account.password_short": _l("A password needs at least %(length)s characters."),
    "account.password_common": _l("This password is easy to guess. Choose another one, such as three unrelated words."),
    "account.last_administrator": _l("Somebody must remain administrator: give the role to another person first."),
    "account.not_yourself": _l("You cannot switch off your own account. Ask another administrator."),
    "account.role_needed": _l("Choose at least one role."),
    "account.username_form": _l("Use small letters without accents, digits, dots and dashes, such as lan.nguyen."),
    "account.old_password_wrong": _l("This is not your present password."),
    "account.operator_only": _l("This account looks after the whole deployment. Only another operator can change it."),
    "account.switched_off": _l("This account is switched off. Switch it on first."),
    "account.not_own_organisation": _l("You cannot switch off your own organisation."),
    "organisation.sessions_planned": _l(
        "%(count)s sessions are planned by the present clock. Say below that they keep their times of day by the new "
        "one."
    ),
    "tablet.name_missing": _l("Give the tablet a name."),
    "tablet.name_long": _l("At most %(most)s characters fit here."),
    "tablet.name_taken": _l("Another tablet has this name. Choose another one."),
    "tablet.reason_missing": _l("Please say why."),
    "tablet.is_revoked": _l("This tablet is revoked. Add it as a new one."),
    "tablet.code_wrong": _l("This code is not right or has run out. Ask your coordinator for a new one."),
    "tablet.too_many_tries": _l("Too many wrong codes. Please try again in a quarter of an hour."),
    "tablet.unknown": _l("This tablet is not known here. Type the code that your coordinator gives you."),
    "tablet.revoked": _l("This tablet has been revoked. Its lists are erased; what it has not sent yet is kept."),
    "account.setup_done": _l("The first administrator exists already. Please sign in."),
}
