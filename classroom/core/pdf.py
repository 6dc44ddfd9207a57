"""Papers as PDF: the only place that knows how they are typeset."""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

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


def render(
    document: str, data: Mapping[str, object], files: Mapping[str, bytes] | None = None, *, tags: bool = True
) -> bytes:
    """The PDF of templates/print/<document>.typ filled with `data`, which must be JSON; needs no network.

    `data` reaches the template as values, never as source: nothing a person typed can become markup. `files` are
    pictures by the plain names under which the template finds them. Safe to call from several threads at once. Without
    `tags` it takes less time and no screen reader finds its way: for what is only printed.
    """
    return _compile(document, data, files or {}, {"format": "pdf", "pdf_tags": tags})


def render_picture(
    document: str, data: Mapping[str, object], files: Mapping[str, bytes] | None = None, *, dots: int = 96
) -> bytes:
    """The first page as PNG, with so many dots per inch: to be shown on a screen."""
    return _compile(document, data, files or {}, {"format": "png", "ppi": dots})


def _compile(
    document: str, data: Mapping[str, object], files: Mapping[str, bytes], options: Mapping[str, Any]
) -> bytes:
    with all_cores(), _home(files) as home:
        made = typst.compile(
            str(home / f"{document}.typ"),
            root=str(home),
            font_paths=fonts(),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            timestamp=clock.now().replace(microsecond=0),
            **options,
        )
        _forget()
    return bytes(made)


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
