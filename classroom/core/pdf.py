"""Papers as PDF: the only place that knows how they are typeset."""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import typst

from classroom.core import clock
from classroom.core.cores import all_cores

ROOT: Final = Path(__file__).resolve().parents[2]
TEMPLATES: Final = ROOT / "templates" / "print"
FONTS: Final = ROOT / "node_modules" / "@expo-google-fonts" / "tinos"
FACE: Final = "Tinos"
"""Times metrics and every Vietnamese letter: the face that official papers ask for, freely licensed."""
CODE_FACE: Final = "DejaVu Sans Mono"
"""Comes with the typesetter; for code in test questions and signs that Times never had."""
AGES: Final = 10
"""For how many documents the typesetter keeps its intermediate results."""


class FontsMissing(RuntimeError):
    """The typefaces of official papers are not installed: the set-up has not been run."""


def render(document: str, data: Mapping[str, object], files: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF of templates/print/<document>.typ filled with `data`, which must be JSON; needs no network.

    `data` reaches the template as values, never as source: nothing a person typed can become markup. `files` are
    pictures by the plain names under which the template finds them. Safe to call from several threads at once.
    """
    with all_cores(), _home(files or {}) as home:
        paper = typst.compile(
            str(home / f"{document}.typ"),
            root=str(home),
            font_paths=fonts(),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            timestamp=clock.now().replace(microsecond=0),
        )
        _forget()
    return paper


@contextmanager
def _home(files: Mapping[str, bytes]) -> Iterator[Path]:
    """The folder of the templates; with pictures, a copy of it that holds them and is gone afterwards."""
    if not files:
        yield TEMPLATES
        return
    with TemporaryDirectory(prefix="paper-") as folder:
        home = Path(folder)
        for template in TEMPLATES.glob("*.typ"):
            shutil.copy(template, home)
        for name, content in files.items():
            (home / Path(name).name).write_bytes(content)
        yield home


def _forget() -> None:
    """Let the typesetter drop what it remembers of a paper nobody prints twice: 130 MB within ten rosters.

    It counts age in documents, so blank ones are made until everything is too old: 8 ms in all.
    """
    for _ in range(AGES + 1):
        typst.compile(b"", font_paths=fonts(), ignore_system_fonts=True)


@cache
def fonts() -> typst.Fonts:
    """The bundled typefaces, read once for the life of the process; raises FontsMissing."""
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])
    if FACE not in found.families():
        raise FontsMissing(f"{FACE} is not installed: run `make assets`")
    return found
