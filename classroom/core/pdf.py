"""Papers as PDF: the only place that knows how they are typeset."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import typst

from classroom.core import clock
from classroom.core.cores import all_cores

ROOT: Final = Path(__file__).resolve().parents[2]
TEMPLATES: Final = ROOT / "templates" / "print"
FONTS: Final = ROOT / "node_modules" / "@expo-google-fonts" / "tinos"
FACE: Final = "Tinos"
"""Times metrics and every Vietnamese letter: the face that official papers ask for, freely licensed."""
AGES: Final = 10
"""For how many documents the typesetter keeps its intermediate results."""


class FontsMissing(RuntimeError):
    """The typefaces of official papers are not installed: the set-up has not been run."""


def render(document: str, data: Mapping[str, object]) -> bytes:
    """The PDF of templates/print/<document>.typ filled with `data`, which must be JSON; needs no network.

    `data` reaches the template as values, never as source: nothing a person typed can become markup.
    Safe to call from several threads at once.
    """
    with all_cores():
        paper = typst.compile(
            str(TEMPLATES / f"{document}.typ"),
            root=str(TEMPLATES),
            font_paths=fonts(),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            timestamp=clock.now().replace(microsecond=0),
        )
        _forget()
    return paper


def _forget() -> None:
    """Let the typesetter drop what it remembers of a paper nobody prints twice: 130 MB within ten rosters.

    It counts age in documents, so blank ones are made until everything is too old: 8 ms in all.
    """
    for _ in range(AGES + 1):
        typst.compile(b"", font_paths=fonts(), ignore_system_fonts=True)


@cache
def fonts() -> typst.Fonts:
    """The bundled typefaces, read once for the life of the process; raises FontsMissing."""
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    if FACE not in found.families():
        raise FontsMissing(f"{FACE} is not installed: run `make assets`")
    return found
