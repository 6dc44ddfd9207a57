"""`python -m classroom` is the command line."""

from classroom.cli import main

main()
