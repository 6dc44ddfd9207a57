"""Pages of accounts: sign-in, links, one's own account, staff, organisations, tablets, the log."""

from classroom.accounts.views import account, audit, inspectors, links, organisations, sign_in, staff, tablets
from classroom.accounts.views.door import bp, load_actor

__all__ = [
    "account",
    "audit",
    "bp",
    "inspectors",
    "links",
    "load_actor",
    "organisations",
    "sign_in",
    "staff",
    "tablets",
]
