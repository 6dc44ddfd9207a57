"""What the register keeps of somebody who was erased."""

from classroom.certification.rules.certificates import PrintedFacts, register_minimum


def test_the_register_keeps_number_name_decision_and_days_alone() -> None:
    facts = PrintedFacts(
        name="Trần Thị Ân", born="1985", unit="Trạm", group="L03", path="online", result="9/10", number="1",
        decision_number="12", issued_on="2026-11-20",
    )  # fmt: skip
    kept = PrintedFacts.from_json(register_minimum(facts.as_json()))
    assert (kept.name, kept.number, kept.decision_number, kept.issued_on) == ("Trần Thị Ân", "1", "12", "2026-11-20")
    assert (kept.born, kept.unit, kept.group, kept.path, kept.result) == ("", "", "", "", "")
