"""What a first visit costs a phone, byte by byte as it goes over the wire."""

import re

import pytest
from flask import Flask

from tests.attendance.phoning import Phone, code_of, first_session, phone_number
from tests.factories import at, make_class, vietnam

LIMIT = 40_000
_FILES = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@pytest.mark.parametrize("encoding", ["gzip", "br", "identity"])
def test_the_whole_first_visit_stays_below_forty_kilobytes(app: Flask, encoding: str) -> None:
    made = make_class(learners=1)
    phone, files, total = Phone(app), set(), 0
    with at(vietnam(7, 38)):
        for step in (
            lambda: phone.open(code_of(first_session(made))),
            lambda: phone.press("identify", who=phone_number(made)),
            lambda: phone.press("confirm"),
        ):
            text = step()
            assert phone.page is not None
            head = sum(len(name) + len(value) + 4 for name, value in phone.page.headers)
            total += len(phone.page.data) + head
            files |= set(_FILES.findall(text))
    assert any(name.endswith(".css") for name in files)
    for name in files:
        answer = app.test_client().get(name, headers={"Accept-Encoding": encoding}, buffered=True)
        assert answer.status_code == 200
        total += len(answer.data) + sum(len(key) + len(value) + 4 for key, value in answer.headers)
    assert 5_000 < total < LIMIT
