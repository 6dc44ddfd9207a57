"""What a file of results may cost before it is refused."""

from collections.abc import Mapping
from typing import Any

from classroom.core.sheets import SheetLimits

#: Accounts of the largest intakes, and a letterhead above them.
ROWS = 60_100


def limits_of(config: Mapping[str, Any]) -> SheetLimits:
    """The limits by the settings of the deployment."""
    return SheetLimits(
        max_bytes=config["SHEET_UPLOAD_LIMIT"],
        max_unpacked=config["SHEET_UNPACKED_LIMIT"],
        max_rows=max(config["SHEET_ROW_LIMIT"], ROWS),
        max_cells=2_000_000,
    )
