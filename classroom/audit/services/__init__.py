"""Write entries, chain them, and prove that nobody has touched them."""

from classroom.audit.services.erasing import erase_about, erase_mentions
from classroom.audit.services.recording import digest, record
from classroom.audit.services.sealing import seal_pending
from classroom.audit.services.verifying import Problem, VerifyReport, verify

__all__ = ["Problem", "VerifyReport", "digest", "erase_about", "erase_mentions", "record", "seal_pending", "verify"]
