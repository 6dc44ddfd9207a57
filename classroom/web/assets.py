"""Names of built browser files and icons, for templates."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import current_app, has_request_context, request
from markupsafe import Markup, escape

DIST = Path(__file__).resolve().parents[2] / "static" / "dist"
_MANIFEST = DIST / "manifest.json"


@dataclass(frozen=True)
class Built:
    """What the last build made: file names by their plain name, drawings by icon name."""

    files: dict[str, str]
    icons: dict[str, str]


@lru_cache(maxsize=1)
def _read(_changed_at: int) -> Built:
    manifest: dict[str, str] = json.loads(_MANIFEST.read_text(encoding="utf-8"))
    icons: dict[str, str] = json.loads((DIST / "icons.json").read_text(encoding="utf-8"))
    return Built(files=manifest, icons=icons)


def built() -> Built:
    """The present build; a rebuild is seen without a restart."""
    try:
        return _read(_MANIFEST.stat().st_mtime_ns)
    except FileNotFoundError as error:
        raise RuntimeError("The browser files are not built: run `make assets`.") from error


def asset(name: str) -> str:
    """URL of a built file, such as "staff.css"; its name changes with its content, so it may be cached for ever."""
    root = request.script_root if has_request_context() else ""
    return f"{root}/static/dist/{built().files[name]}"


def icon(name: str, inline: bool = False) -> Markup:
    """A decorative icon: out of the sprite, or drawn in place where a second request is too dear."""
    drawings = built().icons
    if name not in drawings:
        if current_app.debug or current_app.testing:
            raise LookupError(f'The icon "{name}" is not built: add it to static/icons/names.txt.')
        return Markup("")
    return _drawn(drawings[name] if inline else f'<use href="{escape(asset("icons.svg"))}#{escape(name)}"/>')


@lru_cache(maxsize=512)
def _drawn(drawing: str) -> Markup:
    """The drawing in its frame; drawings come from our own build, names from the manifest."""
    return Markup(  # noqa: S704
        f'<svg class="icon" viewBox="0 0 16 16" fill="currentColor" aria-hidden="true">{drawing}</svg>'
    )
