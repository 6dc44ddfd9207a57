"""Keep the catalogues: `add FILE.json` merges Vietnamese words, `check` finds what is missing, `compile` makes .mo.

Message ids are English, so the English catalogue repeats them. In the JSON file a plural is written
"%(num)s class ||| %(num)s classes".
"""

import fcntl
import json
import re
import sys
from pathlib import Path
from typing import Any

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / "classroom" / "translations"
PLURAL = " ||| "
KEYWORDS: dict[str, Any] = {"_": None, "gettext": None, "lazy_gettext": None, "_l": None, "ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
Id = str | tuple[str, str]


def po(language: str) -> Path:
    return HOME / language / "LC_MESSAGES" / "messages.po"


def load(language: str) -> Catalog:
    path = po(language)
    if not path.exists():
        return Catalog(locale=language, project="Classroom", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def save(catalogue: Catalog, language: str) -> None:
    path = po(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    ordered = Catalog(locale=language, project="Classroom", charset="utf-8", fuzzy=False)
    ordered.header_comment = "# Words of the product. Edit, or merge with tools/words.py; kept in order of the ids."
    ordered.revision_date = ordered.creation_date
    for message in sorted((m for m in catalogue if m.id), key=lambda m: str(m.id)):
        ordered.add(message.id, message.string)
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        write_po(file, ordered, width=110, omit_header=False, ignore_obsolete=True)
    text = re.sub(r'"(POT-Creation-Date|PO-Revision-Date|Generated-By): [^"]*"\n', "", draft.read_text("utf-8"))
    draft.write_text(text, "utf-8")
    draft.replace(path)


def used() -> dict[Id, str]:
    """Every message id in code and templates, with the file it stands in."""
    found: dict[Id, str] = {}
    sources = (
        (ROOT / "classroom", [("**.py", "python")]),
        (ROOT / "templates", [("**.html", "jinja2"), ("**.txt", "jinja2")]),
    )
    for folder, methods in sources:
        rows = extract_from_dir(str(folder), methods, {"**.html": {"silent": "false"}}, keywords=KEYWORDS)
        for name, _line, message, *_rest in rows:
            found.setdefault(message if isinstance(message, str) else (message[0], message[1]), f"{folder.name}/{name}")
    return found


def add(pairs: dict[str, str]) -> None:
    with (HOME / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        vietnamese = load("vi")
        for english, words in pairs.items():
            if PLURAL in english:
                vietnamese.delete(english.split(PLURAL)[0])
                vietnamese.add(tuple(english.split(PLURAL)), (words,))
            else:
                vietnamese.delete(english)
                vietnamese.add(english, words)
        save(vietnamese, "vi")
        echo_english(vietnamese)


def echo_english(vietnamese: Catalog) -> None:
    english = Catalog(locale="en")
    for message in vietnamese:
        if message.id:
            english.add(message.id, message.id)
    save(english, "en")


def check() -> list[str]:
    """What is wrong with the catalogues, in sentences; an empty list when all is well."""
    complaints = []
    ids = used()
    for language in ("vi", "en"):
        catalogue = load(language)
        known = {m.id if isinstance(m.id, str) else tuple(m.id): m for m in catalogue if m.id}
        for message_id, place in ids.items():
            message = known.get(message_id)
            if message is None or not any(_strings(message.string)):
                complaints.append(f"{language}: no words for {message_id!r} ({place})")
            else:
                complaints += _placeholders(language, message_id, message.string)
        complaints += [f"{language}: nobody says {key!r} any more" for key in known.keys() - ids.keys()]
    return complaints


def _strings(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _placeholders(language: str, message_id: Id, string: Any) -> list[str]:
    wanted = {name for part in _strings(message_id) for name in PLACEHOLDER.findall(part)}
    return [
        f"{language}: {message_id!r} is filled with {sorted(wanted)}, its words with {sorted(got)}"
        for words in _strings(string)
        if (got := set(PLACEHOLDER.findall(words))) - wanted or (wanted - got and not isinstance(message_id, tuple))
    ]


def compile_all() -> None:
    for language in ("vi", "en"):
        source = po(language)
        target = source.with_suffix(".mo")
        if not source.exists() or (target.exists() and target.stat().st_mtime > source.stat().st_mtime):
            continue
        draft = target.with_suffix(".mo-draft")
        with draft.open("wb") as file:
            write_mo(file, load(language))
        draft.replace(target)


def prune() -> None:
    """Drop what nobody says any more."""
    ids = used()
    vietnamese = load("vi")
    for message in list(vietnamese):
        key = message.id if isinstance(message.id, str) else tuple(message.id)
        if message.id and key not in ids:
            vietnamese.delete(key[0] if isinstance(key, tuple) else key)
    save(vietnamese, "vi")
    echo_english(vietnamese)


def main(arguments: list[str]) -> int:
    match arguments:
        case ["add", *files]:
            for file in files:
                add(json.loads(Path(file).read_text("utf-8")))
            compile_all()
        case ["check"]:
            complaints = check()
            sys.stderr.writelines(line + "\n" for line in complaints)
            return 1 if complaints else 0
        case ["missing"]:
            known = {m.id if isinstance(m.id, str) else tuple(m.id) for m in load("vi") if m.string}
            gaps = {PLURAL.join(_strings(key)): "" for key in used() if key not in known}
            print(json.dumps(gaps, ensure_ascii=False, indent=1))
        case ["prune"]:
            prune()
        case ["compile"]:
            compile_all()
        case _:
            sys.stderr.write("words.py add FILE.json … | check | missing | prune | compile\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
