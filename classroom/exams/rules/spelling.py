"""Points, scores and per cents as Vietnamese readers write them."""

from decimal import ROUND_HALF_UP, Decimal

MISSING = "–"


def points(value: Decimal | None) -> str:
    """7,5: without places that say nothing."""
    if value is None:
        return MISSING
    text = f"{value.normalize():f}".replace(".", ",")
    return "0" if text == "-0" else text.replace("-", "−")


def short(value: Decimal | None) -> str:
    """6,58: at most two places, for tables."""
    return MISSING if value is None else points(value.quantize(Decimal("0.01"), ROUND_HALF_UP))


def signed(value: Decimal) -> str:
    """+0,5 or −1."""
    return f"+{points(value)}" if value > 0 else points(value)


def rounded(value: float | Decimal | None, places: int = 2) -> str:
    """The number to some places, with a comma; a dash where it is undefined."""
    if value is None:
        return MISSING
    exact = Decimal(repr(value)) if isinstance(value, float) else value
    kept = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{kept or abs(kept):f}".replace(".", ",").replace("-", "−")


def per_cent(value: float | None, places: int = 1) -> str:
    """66,7 %, in one piece."""
    return MISSING if value is None else f"{rounded(value, places)}\N{NO-BREAK SPACE}%"
