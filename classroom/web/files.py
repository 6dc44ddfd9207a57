"""Papers and tables on their way to the reader, under their Vietnamese names."""

from urllib.parse import quote

from flask import Response

from classroom.core.db import release
from classroom.core.names import fold
from classroom.core.sheets import write_csv, write_xlsx
from classroom.core.tables import Table

PDF = "application/pdf"
PNG = "image/png"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


def send_table(table: Table, name: str, kind: str) -> Response:
    """A table as xlsx or csv; nothing that was read may be touched afterwards."""
    release()
    if kind == "csv":
        return send_file(write_csv(table), CSV, f"{name}.csv")
    return send_file(write_xlsx([table]), XLSX, f"{name}.xlsx")


def send_pdf(paper: bytes, filename: str) -> Response:
    """A paper under its Vietnamese name."""
    return send_file(paper, PDF, filename)


def send_file(data: bytes, media_type: str, filename: str) -> Response:
    """The file, with its Vietnamese name and a plain one for programs that cannot read that (RFC 6266)."""
    safe = "".join(c for c in filename if c.isprintable() and c not in '"\\/:*?<>|%')
    plain = fold(safe).encode("ascii", "ignore").decode().replace(" ", "-")
    way = "inline" if media_type == PDF else "attachment"
    response = Response(data, content_type=media_type)
    response.headers["Content-Disposition"] = f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"
    return response
