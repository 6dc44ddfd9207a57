"""Single cells of an export read for good: a row's reader remembers what they gave."""

from decimal import Decimal

from classroom.core.legacy_text import convert_legacy, legacy_encoding, legacy_of_font
from classroom.core.names import clean_name
from classroom.core.sheets import Cell, CellKind
from classroom.learners.rules import Finding, Parsed, Severity
from classroom.online.rules.values import parse_number, scaled

_UNIT, _SHOWN = 200, 80


def read_share(cell: Cell, maximum: Decimal) -> Parsed[Decimal]:
    """A score or progress in per cent of its maximum; above that it is an error."""
    parsed = parse_number(cell)
    share = None if parsed.value is None else scaled(parsed.value, maximum)
    if share is None and parsed.value is not None:
        above = Finding("above_maximum", Severity.ERROR, details={"maximum": int(maximum)})
        return Parsed(None, (*parsed.findings, above))
    return Parsed(share, parsed.findings)


def read_unit(cell: Cell, *, convert: bool) -> tuple[str, Finding | None]:
    """The name of a unit, out of an old font where that was agreed to, and what is to be said of it."""
    text = clean_name(cell.text[: _UNIT * 20])
    encoding = legacy_of_font(cell.font) or legacy_encoding(text[:_UNIT])
    if encoding:
        meant = convert_legacy(text, encoding)
        return (meant if convert else text)[:_UNIT], Finding("name_old_encoding", Severity.CONFIRM, meant)
    if len(text) > _UNIT:
        return text[:_UNIT], Finding("text_too_long", Severity.WARNING, text[:_SHOWN], {"limit": _UNIT})
    return text, None


def nothing_in(cell: Cell) -> tuple[Finding, ...]:
    """A formula that was never calculated holds a result that nobody can read."""
    empty = cell.kind is CellKind.EMPTY and cell.formula
    return (Finding("formula_without_value", Severity.ERROR),) if empty else ()
