"""The command line: `classroom serve`, `demo`, `worker`, `user`, `doctor`, `database`."""

import sys


def main() -> None:
    """Run one command."""
    sys.exit(0)
