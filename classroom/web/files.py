"""Files in answers, under names that people can read."""

from urllib.parse import quote

from flask import Response

from classroom.core.names import fold

PDF = "application/pdf"


def send_named(data: bytes, media_type: str, filename: str) -> Response:
    """The file, with its Vietnamese name and a plain one for programs that cannot read that (RFC 6266)."""
    safe = "".join(c for c in filename if c.isprintable() and c not in '"\\/:*?<>|%')
    plain = fold(safe).encode("ascii", "ignore").decode().replace(" ", "-")
    way = "inline" if media_type == PDF else "attachment"
    response = Response(data, content_type=media_type)
    response.headers["Content-Disposition"] = f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"
    return response
