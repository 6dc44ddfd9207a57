"""The check of pages sees what it is there to see."""

import pytest

from tests.support.pages import complaints_about

GOOD = """<!doctype html><html lang="vi"><head><title>Cán bộ</title></head><body><main><h1>Cán bộ</h1>
<form method="post"><label for="n">Họ và tên</label><input id="n" name="n"></form></main></body></html>"""


def test_a_good_page_passes() -> None:
    assert complaints_about(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('lang="vi"', 'lang="en"'),
        ("<title>Cán bộ</title>", "<title> · Sở</title>"),
        ("<h1>Cán bộ</h1>", ""),
        ("<h1>Cán bộ</h1>", "<h1>Cán bộ</h1><h1>Hai</h1>"),
        ('for="n"', ""),
        ('for="n"', 'for="m"'),
        ("<main>", '<main><p id="n">Một</p>'),
        ("<main>", "<main><p onclick='x()'>Một</p>"),
        ("<main>", "<main><p style='color:red'>Một</p>"),
        ("<main>", "<main><script>1</script>"),
        ("<main>", "<main><a href=' javascript:1'>Một</a>"),
        ("<main>", "<main><img src='/x.png'>"),
        ("<main>", "<main><p>Sign in</p>"),
        ("<main>", "<main><p>%(name)s</p>"),
        ("<main>", "<main><p>None</p>"),
        ("<!doctype html>", ""),
    ],
)
def test_a_bad_page_is_found(old: str, new: str) -> None:
    assert len(complaints_about(GOOD.replace(old, new, 1))) >= 1
