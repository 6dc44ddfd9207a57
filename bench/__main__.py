"""`python -m bench [name…]`: run benchmarks and print their tables."""

import importlib
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

import pysqlite3.dbapi2

from bench.tables import table

#: In the order of docs/performance.md; each module offers TITLE and run().
NAMES = (
    "floors",
    "checkin",
    "phones",
    "exam",
    "board",
    "tablet",
    "tablet_frame",
    "roster_import",
    "online_import",
    "import_beside",
    "roster_pdf",
    "matching",
    "marking",
    "deciding",
    "certificates",
    "verify",
    "issuing",
    "start",
)


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all; 1 when a goal was missed, 2 for an unknown name."""
    unknown = set(names) - set(NAMES)
    if unknown:
        print(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    print(machine(), flush=True)
    missed = False
    for name in names or NAMES:
        print(f"\n· {name} …", file=sys.stderr, flush=True)
        module = importlib.import_module(f"bench.{name}")
        rows = module.run()
        missed |= any(row.met is False for row in rows)
        print("\n" + table(module.TITLE, rows), flush=True)
    return int(missed)


def machine() -> str:
    """What the figures were measured on."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    return (
        f"{os.cpu_count()} cores ({model}), load {os.getloadavg()[0]:.1f} at the start;"
        f" Python {platform.python_version()}, gunicorn {version('gunicorn')}, Flask {version('flask')},"
        f" SQLAlchemy {version('sqlalchemy')}, SQLite {pysqlite3.dbapi2.sqlite_version}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
