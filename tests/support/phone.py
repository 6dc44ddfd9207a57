"""A phone without a browser: cookies, links and forms over plain HTTP, and a count of every byte received."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode, urljoin, urlsplit

LONGEST_WAIT = 20
USER_AGENT = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"


@dataclass(slots=True)
class Form:
    """One form as a page offers it; `fields` hold what is already filled in."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    #: Names of fields that a person types into.
    typed: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    """Finds the forms, and the files that a browser would fetch by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.files: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(of.get("action", ""), of.get("method", "get").lower()))
            self._inside = True
        elif tag in {"input", "button"} and self._inside and of.get("name"):
            self._keep(tag, of)
        elif (tag == "link" and of.get("rel") in {"stylesheet", "icon", "manifest", "preload"}) or (
            tag in {"script", "img"} and of.get("src")
        ):
            self.files.append(of.get("href") or of["src"])

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "form"

    def _keep(self, tag: str, of: dict[str, str]) -> None:
        form, kind = self.forms[-1], of.get("type", "submit" if tag == "button" else "text")
        if kind in {"text", "tel", "search", "number"}:
            form.typed.append(of["name"])
        if kind not in {"radio", "checkbox"} or "checked" in of:
            form.fields.setdefault(of["name"], of.get("value", ""))


@dataclass(slots=True)
class Page:
    """An answer that was received to its last byte."""

    url: str
    status: int
    headers: dict[str, str]
    text: str
    size: int

    def _read(self) -> _Reader:
        reader = _Reader()
        reader.feed(self.text)
        return reader

    @property
    def forms(self) -> list[Form]:
        """The forms that write something."""
        return [form for form in self._read().forms if form.method == "post"]

    @property
    def files(self) -> list[str]:
        return self._read().files

    def offers(self, action_ends: str) -> bool:
        """Whether there is a form whose action ends like this."""
        return any(form.action.endswith(action_ends) for form in self.forms)

    def form(self, action_ends: str) -> Form:
        """The form whose action ends like this."""
        for form in self.forms:
            if form.action.endswith(action_ends):
                return form
        raise LookupError(
            f"{self.url} ({self.status}) offers no form {action_ends}: {[form.action for form in self.forms]}"
        )


class Phone:
    """One browser's cookie jar and its connection to one server."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self.cookies: dict[str, str] = {}
        self.received = 0
        self._address = host, port
        self._line: HTTPConnection | None = None

    def get(self, url: str) -> Page:
        return self._follow("GET", url, None)

    def submit(self, page: Page, form: Form, **typed: str) -> Page:
        """Send the form as filled in, with these fields typed."""
        url = urljoin(page.url, form.action) if form.action else page.url
        return self._follow("POST", url, urlencode({**form.fields, **typed}))

    def visit(self, url: str) -> Page:
        """Open a page with all the files it needs, as on a first visit."""
        page = self.get(url)
        for file in dict.fromkeys(page.files):
            if not file.startswith("data:"):
                self.get(urljoin(page.url, file))
        return page

    def hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line = None

    def _follow(self, method: str, url: str, body: str | None) -> Page:
        page = self._ask(method, url, body)
        for _ in range(5):
            if page.status not in {301, 302, 303, 307, 308}:
                return page
            page = self._ask("GET", urljoin(url, page.headers["location"]), None)
        raise RuntimeError(f"{url} leads in a circle")

    def _ask(self, method: str, url: str, body: str | None) -> Page:
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        try:
            if self._line is None:
                self._line = HTTPConnection(*self._address, timeout=LONGEST_WAIT)
            self._line.request(method, path, body, dict(self._headers(body)))
            answer = self._line.getresponse()
            raw = answer.read()
        except BaseException:
            self.hang_up()
            raise
        if answer.will_close:
            self.hang_up()
        return self._page(path, answer, raw)

    def _headers(self, body: str | None) -> Iterator[tuple[str, str]]:
        yield "User-Agent", USER_AGENT
        yield "Accept-Encoding", "gzip"
        yield "Accept-Language", "vi-VN,vi;q=0.9"
        if self.cookies:
            yield "Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            yield "Content-Type", "application/x-www-form-urlencoded"

    def _page(self, path: str, answer: HTTPResponse, raw: bytes) -> Page:
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, content = value.partition(";")[0].partition("=")
                self.cookies[cookie.strip()] = content
        head = sum(len(name) + len(value) + 4 for name, value in answer.getheaders()) + len(answer.reason or "") + 17
        self.received += head + len(raw)
        headers = {name.lower(): value for name, value in answer.getheaders()}
        body = gzip.decompress(raw) if headers.get("content-encoding") == "gzip" else raw
        text = body.decode("utf-8", "replace") if headers.get("content-type", "").startswith("text/html") else ""
        return Page(path, answer.status, headers, text, head + len(raw))
