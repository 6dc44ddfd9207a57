"""The theme keeps its promises: contrast, size, words beside colours, nothing inline."""

import gzip
import re
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask, get_template_attribute, render_template
from flask_babel import Babel
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import DateField, Form, StringField, validators

from classroom.web import assets
from classroom.web.stacking import labelled

ROOT = Path(__file__).resolve().parents[2]
STATUSES = ("present", "late", "left_early", "excused", "absent", "not_applicable", "unmarked")
TONES = re.findall(r'"(\w+)": \((\S+), (#\w+), (#\w+)\)', (ROOT / "static/css/_tokens.scss").read_text())


@pytest.fixture
def page() -> Flask:
    app = Flask("look", static_folder=None, template_folder=str(ROOT / "templates"))
    app.config.update(TESTING=True, SECRET_KEY="look")
    Babel(app, default_locale="en")
    app.jinja_env.globals.update(asset=assets.asset, icon=assets.icon, csrf_token=lambda: "token")
    return app


def brightness(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    dark, light = sorted((brightness(one), brightness(other)))
    return (light + 0.05) / (dark + 0.05)


def colour(name: str) -> str:
    found = re.search(rf"\${name}: (#\w+);", (ROOT / "static/css/_tokens.scss").read_text())
    assert found, name
    return found[1]


def test_every_text_colour_can_be_read_on_its_ground():
    assert len(TONES) == 5
    for name, strong, tint, ink in TONES:
        assert contrast(tint, ink) >= 5.9, name
        assert contrast(colour(strong.lstrip("$")), colour("ground")) >= 5.9, name
    assert contrast(colour("ink"), colour("ground")) >= 5.9


def test_a_learners_phone_gets_a_small_style_sheet():
    style = (assets.DIST / assets.built().files["learner.css"]).read_bytes()
    assert len(gzip.compress(style)) <= 8 * 1024


def test_every_text_file_has_its_compressed_copies():
    for name in assets.built().files.values():
        if name.endswith((".css", ".js", ".svg")):
            copy = (assets.DIST / f"{name}.gz").read_bytes()
            assert gzip.decompress(copy) == (assets.DIST / name).read_bytes()
            assert (assets.DIST / f"{name}.br").exists()


def test_the_lock_names_no_address():
    assert "http" not in (ROOT / "package-lock.json").read_text().replace("http-", "")


def test_an_icon_that_is_not_built_is_found_out_in_tests(page: Flask):
    with page.app_context(), pytest.raises(LookupError, match="no-such-icon"):
        assets.icon("no-such-icon")


def test_an_icon_that_is_not_built_is_left_out_in_production(page: Flask):
    page.config["TESTING"] = False
    with page.app_context():
        assert assets.icon("no-such-icon") == ""


@pytest.mark.parametrize("macro", ["mark", "mark_short"])
def test_a_status_is_colour_icon_and_word(page: Flask, macro: str):
    with page.test_request_context():
        drawn = [get_template_attribute("macros/status.html", macro)(status) for status in STATUSES]
    words = [re.sub(r"<[^>]+>", "", text).strip() for text in drawn]
    assert all("<svg" in text and "tone-" in text for text in drawn)
    assert len(set(words)) == len(STATUSES)


def test_a_wrong_field_says_so_and_the_summary_links_to_it(page: Flask):
    class Sample(Form):
        code = StringField("Code", [validators.InputRequired("Enter a code.")])

    form = Sample()
    form.validate()
    with page.test_request_context():
        summary = get_template_attribute("macros/forms.html", "errors")(form)
        field = get_template_attribute("macros/forms.html", "field")(form.code, hint="Short")
    assert '<a href="#code">Code: Enter a code.</a>' in summary
    assert 'aria-describedby="code-hint code-error"' in field
    assert 'aria-invalid="true"' in field


def test_a_date_is_typed_as_it_is_said_and_nothing_typed_is_lost(page: Flask):
    class Sample(Form):
        starts_on = DateField("First day", format="%d/%m/%Y")

    form = Sample(MultiDict({"starts_on": "31/02/2026"}))
    form.validate()
    with page.test_request_context():
        field = get_template_attribute("macros/forms.html", "field")(form.starts_on)
    assert 'value="31/02/2026"' in field


def test_a_bar_is_as_long_as_its_parts(page: Flask):
    with page.test_request_context():
        bar = get_template_attribute("macros/page.html", "bar")([("success", 83), ("attention", 4)], 107, "87 of 107")
    starts = [(int(x), int(width)) for x, width in re.findall(r'x="(\d+)" y="0" width="(\d+)"', bar)]
    assert starts == [(0, 83), (83, 4)]
    assert all(x + width == following for (x, width), (following, _) in pairwise(starts))


@pytest.mark.parametrize(
    "template", ["base.html", "learner.html", "screen.html", "errors/refusal.html", "errors/learner.html"]
)
def test_a_page_shows_even_when_nothing_is_known(page: Flask, template: str):
    with page.test_request_context():
        text = render_template(template)
    assert text.count("<h1") == (0 if template == "screen.html" else 1)
    assert "<html lang=" in text


def test_no_template_carries_inline_style_or_handlers():
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"""\s(style|on\w+)=["']""", text), path
        assert "<style" not in text, path


def test_a_cell_knows_the_name_of_its_column():
    columns = [{"label": "Class"}, {"label": 'Seats "free"'}, {"label": "What to do", "hidden": True}]
    row = Markup('<tr class="on"><th scope="row">L01</th><td>{}</td><td><a>Edit</a></td></tr>').format("<td>3")
    stacked = labelled(row + row, columns)
    assert stacked.count('<tr role="row" class="on"><th role="rowheader" scope="row">L01</th>') == 2
    assert stacked.count('<td role="cell" data-label="Seats &#34;free&#34;">&lt;td&gt;3</td>') == 2
    assert stacked.count('<td role="cell" data-label=""><a>Edit</a></td>') == 2


def test_the_cell_that_chooses_a_row_takes_no_name_from_the_columns():
    row = Markup('<tr><td class="pick"></td><th>L01</th><td>3</td></tr>')
    stacked = labelled(row, [{"label": "Class"}, {"label": "Seats"}], chosen=True)
    assert '<td role="cell" class="pick"></td><th role="rowheader">L01</th>' in stacked
    assert 'data-label="Seats">3' in stacked
