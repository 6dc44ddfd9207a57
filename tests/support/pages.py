"""What every rendered page must be: titled, labelled, translated, without inline script or style."""

import re
from functools import cache
from html.parser import HTMLParser

from tools.words import load

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
#: Controls that need no label: they are not seen, or carry their own words.
UNLABELLED_TYPES = {"hidden", "submit", "button", "reset", "image"}
LEFTOVERS = (r"%\(\w+\)[sd]", r"{{|}}|{%|%}", r"<function|<flask|object at 0x", r"\bNone\b", r"\bundefined\b")


class Page(HTMLParser):
    """The parts of a page that the check looks at."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, dict[str, str]]] = []
        self.elements: list[tuple[str, dict[str, str], list[str]]] = []
        self.texts: list[str] = []
        self.words_of: dict[str, list[str]] = {"title": [], "h1": [], "button": [], "a": []}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attributes}
        self.elements.append((tag, known, [name for name, _ in self.open]))
        if tag not in VOID:
            self.open.append((tag, known))

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attributes}, [name for name, _ in self.open]))

    def handle_endtag(self, tag: str) -> None:
        if tag in [name for name, _ in self.open]:
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        within = [name for name, _ in self.open]
        if not text or {"script", "style"} & set(within):
            return
        if all(attributes.get("translate") != "no" for _, attributes in self.open):
            self.texts.append(text)
        for tag, words in self.words_of.items():
            if tag in within:
                words.append(text)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes, _ in self.elements if name == tag]


def check_page(html: str, *, language: str = "vi") -> None:
    """Fail with every complaint at once."""
    complaints = complaints_about(html, language=language)
    assert not complaints, "\n".join(complaints)


def complaints_about(html: str, *, language: str = "vi") -> list[str]:
    """What is wrong with the page, in sentences."""
    page = Page(html)
    return [*_frame(html, page, language), *_ids(page), *_labels(page), *_inline(page), *_words(page, language)]


def _frame(html: str, page: Page, language: str) -> list[str]:
    found = []
    if not html.lstrip().lower().startswith("<!doctype html>"):
        found.append("it has no doctype")
    if [root.get("lang") for root in page.all("html")] != [language]:
        found.append(f"its language is not {language}")
    if not " ".join(page.words_of["title"]).partition("·")[0].strip():
        found.append("it has no title")
    if len(page.all("h1")) != 1 or not page.words_of["h1"]:
        found.append(f"it has {len(page.all('h1'))} main headings")
    if len(page.all("main")) != 1:
        found.append("it has no main part, or several")
    if page.open:
        found.append(f"it leaves {[tag for tag, _ in page.open]} open")
    return found


def _ids(page: Page) -> list[str]:
    ids = [attributes["id"] for _, attributes, _ in page.elements if "id" in attributes]
    twice = {one for one in ids if ids.count(one) > 1}
    wanted = {
        target
        for _, attributes, _ in page.elements
        for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls", "form", "list")
        for target in attributes.get(name, "").split()
    }
    wanted |= {link["href"][1:] for link in page.all("a") if link.get("href", "").startswith("#")} - {""}
    return [
        *(f"the id {one} stands there twice" for one in sorted(twice)),
        *(f"something points to {one}, which is not there" for one in sorted(wanted - set(ids))),
    ]


def _labels(page: Page) -> list[str]:
    labelled = {label.get("for") for label in page.all("label")}
    found = []
    for tag, attributes, within in page.elements:
        if tag not in {"input", "select", "textarea"} or attributes.get("type") in UNLABELLED_TYPES:
            continue
        named = attributes.get("aria-label") or attributes.get("aria-labelledby")
        if not named and "label" not in within and attributes.get("id") not in labelled:
            found.append(f"{tag} {attributes.get('name')} has no label")
    found += [f"picture {image.get('src')} has no description" for image in page.all("img") if "alt" not in image]
    return found


def _inline(page: Page) -> list[str]:
    found = []
    for tag, attributes, _ in page.elements:
        found += [f"{tag} has the handler {name}" for name in attributes if name.startswith("on")]
        if "style" in attributes:
            found.append(f"{tag} has a style of its own")
        if tag == "style" or (tag == "script" and "src" not in attributes and "json" not in attributes.get("type", "")):
            found += [] if attributes.get("nonce") else [f"{tag} has no nonce"]
        for name in ("href", "src", "action"):
            address = attributes.get(name, "")
            if re.match(r"\s*(javascript|vbscript):", address, re.IGNORECASE):
                found.append(f"{tag} runs {address}")
            if tag in {"script", "link", "img"} and re.match(r"(https?:)?//", address):
                found.append(f"{tag} loads {address} from elsewhere")
    for form in page.all("form"):
        if form.get("method", "get").lower() not in {"get", "post"}:
            found.append("a form has an unknown method")
    return found


def _words(page: Page, language: str) -> list[str]:
    found = [
        f"“{text}” looks unfinished" for text in page.texts if any(re.search(pattern, text) for pattern in LEFTOVERS)
    ]
    if language == "vi":
        found += [f"“{text}” is not translated" for text in page.texts if text in _english_only()]
    return found


@cache
def _english_only() -> frozenset[str]:
    """Sentences that read otherwise in Vietnamese, so their English form has no place on a Vietnamese page."""
    return frozenset(
        message.id
        for message in load("vi")
        if isinstance(message.id, str) and message.id and message.string != message.id
    )
