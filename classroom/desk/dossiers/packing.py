"""A dossier as one PDF, and as a package with its attachments and an index of hashes."""

import hashlib
import io
import zipfile

from classroom.core import pdf
from classroom.core.clock import local
from classroom.core.names import fold
from classroom.desk.dossiers.parts import Dossier

INDEX = "muc-luc.txt"


def dossier_pdf(made: Dossier, time_zone: str) -> bytes:
    """The dossier on paper: official head, parts one after the other, list of attachments."""
    files = [[one.name, one.what] for one in made.attachments]
    return pdf.render(
        "dossier",
        {
            "letterhead": made.letterhead.as_data(),
            "title": made.title,
            "about": made.about,
            "made": f"Lập lúc {local(made.made_at, time_zone):%H:%M ngày %d/%m/%Y}",
            "chain": made.chain_head,
            "sections": [
                {
                    "title": one.title,
                    "facts": [list(fact) for fact in one.facts],
                    "headings": list(one.headings),
                    "rows": [list(row) for row in one.rows],
                    "widths": list(one.widths),
                    "note": one.note,
                }
                for one in made.sections
            ],
            "files": files,
        },
    )


def dossier_zip(made: Dossier, time_zone: str) -> bytes:
    """The PDF, every attachment under a plain name, and an index with the SHA-256 of each (as sha256sum reads it)."""
    files = {f"{made.name}.pdf": dossier_pdf(made, time_zone)}
    files |= {one.name: one.make() for one in made.attachments}
    target, lines, at = io.BytesIO(), list[str](), local(made.made_at, time_zone)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            plain = plain_name(name)
            lines.append(f"{hashlib.sha256(content).hexdigest()}  {plain}")
            _add(package, plain, content, at.timetuple()[:6])
        head = [
            f"# {made.title.capitalize()}: {made.about}",
            f"# {made.letterhead.organisation}, lập lúc {at:%H:%M ngày %d/%m/%Y}",
            f"# Đầu chuỗi nhật ký: {made.chain_head}",
            "# SHA-256 của từng tệp; kiểm tra bằng: sha256sum -c muc-luc.txt",
        ]
        _add(package, INDEX, "\n".join([*head, *lines, ""]).encode(), at.timetuple()[:6])
    return target.getvalue()


def plain_name(name: str) -> str:
    """Letters that every archive program writes: ho-so-lop-L03.pdf"""
    stem, _, ending = name.rpartition(".")
    bare = "".join(c if c.isalnum() else "-" for c in fold(stem).encode("ascii", "ignore").decode())
    return "-".join(filter(None, bare.split("-"))) + f".{ending}"


def _add(package: zipfile.ZipFile, name: str, content: bytes, at: tuple[int, ...]) -> None:
    package.writestr(zipfile.ZipInfo(name, at), content, zipfile.ZIP_DEFLATED)  # type: ignore[arg-type]
