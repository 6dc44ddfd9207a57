"""Sign in and out, passwords and one-time links, staff, organisations, and the very first start."""

from classroom.accounts.services.first_start import Start, finish_setup, start_setup
from classroom.accounts.services.inspecting import Inspector, invite_inspector
from classroom.accounts.services.organisations import (
    FirstAdministrator,
    OrganisationFacts,
    create_organisation,
    edit_organisation,
    make_administrator_link,
    open_organisation,
    switch_organisation,
)
from classroom.accounts.services.passwords import change_password, make_link, set_password, use_link
from classroom.accounts.services.sign_in import (
    end_other_sessions,
    sign_in,
    sign_out,
    start_session,
    touch_session,
)
from classroom.accounts.services.staff import (
    Duties,
    StaffFacts,
    create_staff,
    edit_own_account,
    edit_staff,
    hangs_on_staff,
    switch_off_staff,
    switch_on_staff,
)
from classroom.accounts.services.tablets import (
    add_tablet,
    enrol_tablet,
    note_contact,
    rename_tablet,
    renew_code,
    revoke_tablet,
)

__all__ = [
    "Duties",
    "FirstAdministrator",
    "Inspector",
    "OrganisationFacts",
    "StaffFacts",
    "Start",
    "add_tablet",
    "change_password",
    "create_organisation",
    "create_staff",
    "edit_organisation",
    "edit_own_account",
    "edit_staff",
    "end_other_sessions",
    "enrol_tablet",
    "finish_setup",
    "hangs_on_staff",
    "invite_inspector",
    "make_administrator_link",
    "make_link",
    "note_contact",
    "open_organisation",
    "rename_tablet",
    "renew_code",
    "revoke_tablet",
    "set_password",
    "sign_in",
    "sign_out",
    "start_session",
    "start_setup",
    "switch_off_staff",
    "switch_on_staff",
    "switch_organisation",
    "touch_session",
    "use_link",
]
