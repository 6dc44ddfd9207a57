"""Tables of rules, outcomes, batches and certificates."""

from classroom.certification.models.certificates import (
    Certificate,
    CertificateEvent,
    PrintFile,
    PrintRun,
    UnitAlias,
)
from classroom.certification.models.issuing import (
    CertificateSettings,
    CertificateTemplate,
    Counter,
    IssueBatch,
    IssueLine,
)
from classroom.certification.models.outcomes import (
    CertificateRecheck,
    CertificationWatch,
    Evaluation,
    ListedLearner,
    Outcome,
    OutcomeChange,
    RuleVersion,
)

__all__ = [
    "Certificate",
    "CertificateEvent",
    "CertificateRecheck",
    "CertificateSettings",
    "CertificateTemplate",
    "CertificationWatch",
    "Counter",
    "Evaluation",
    "IssueBatch",
    "IssueLine",
    "ListedLearner",
    "Outcome",
    "OutcomeChange",
    "PrintFile",
    "PrintRun",
    "RuleVersion",
    "UnitAlias",
]
