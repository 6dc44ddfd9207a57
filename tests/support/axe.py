"""Ask axe-core whether people who see, hear or move differently can use a page."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

_SOURCE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
_RUN = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"


@cache
def _source() -> str:
    return _SOURCE.read_text("utf-8")


def check_accessible(page: Page) -> None:
    """Fail with every violation on the page, and where it stands."""
    page.evaluate(f"() => {{ {_source()} }}")
    found = page.evaluate(_RUN)
    complaints = [f"{each['id']}: {each['help']}: {node['html'][:200]}" for each in found for node in each["nodes"]]
    assert complaints == [], f"{page.url}\n" + "\n".join(complaints)
