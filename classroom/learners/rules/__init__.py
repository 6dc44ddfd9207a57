"""What a learner's particulars mean: pure readings of what people type and files hold."""

from classroom.learners.rules.births import Birth, parse_birth
from classroom.learners.rules.codes import is_learner_code, make_learner_code, normalise_learner_code
from classroom.learners.rules.facts import TEXT_LIMITS, LearnerFacts, derived_columns
from classroom.learners.rules.findings import Finding, Parsed, Severity
from classroom.learners.rules.id_numbers import check_id_number, mask_id_number, parse_id_number
from classroom.learners.rules.particulars import (
    Audience,
    Sex,
    parse_audience,
    parse_email,
    parse_name,
    parse_phone,
    parse_sex,
    show_phone,
)

__all__ = [
    "TEXT_LIMITS",
    "Audience",
    "Birth",
    "Finding",
    "LearnerFacts",
    "Parsed",
    "Severity",
    "Sex",
    "check_id_number",
    "derived_columns",
    "is_learner_code",
    "make_learner_code",
    "mask_id_number",
    "normalise_learner_code",
    "parse_audience",
    "parse_birth",
    "parse_email",
    "parse_id_number",
    "parse_name",
    "parse_phone",
    "parse_sex",
    "show_phone",
]
