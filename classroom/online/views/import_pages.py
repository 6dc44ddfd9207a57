"""What the pages of an import show: the sheet with its guessed headings, problems by kind, remarks as a spreadsheet."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext

from classroom.core.actor import Actor
from classroom.core.clock import local
from classroom.core.db import db
from classroom.core.tables import Column, Table
from classroom.jobs.models import Job
from classroom.jobs.queries import latest_job
from classroom.jobs.rules import LIVING
from classroom.online.models import OnlineImport
from classroom.online.queries import imports
from classroom.online.queries.imports import Draft
from classroom.online.rules.planning import Step
from classroom.online.rules.stages import stage_of
from classroom.online.rules.tables import TEMPLATE
from classroom.online.services import imports as services
from classroom.web.words import say
from classroom.web.words.online_imports import EFFECTS, KIND_TITLES, MEANINGS
from classroom.web.words.rosters import KINDS

_SHOWN_ROWS, _SHOWN_TEXT = 15, 80


def columns_page(found: OnlineImport, draft: Draft, actor: Actor) -> dict[str, Any]:
    """The first rows as they stand, what each column is taken for, and how numbers and dates are read."""
    table, mapping = draft.table, draft.mapping
    columns = range(len(table.headings))
    shown = [*table.above, (table.heading_row, None), *table.rows[:_SHOWN_ROWS]]
    return {
        "found": found,
        "draft": draft,
        "columns": [
            {"index": place, "letter": table.places[place], "meaning": mapping.columns.get(place, "")}
            for place in columns
        ],
        "rows": [
            {
                "number": number,
                "kind": "heading" if cells is None else "above" if number < table.heading_row else "",
                "cells": table.headings
                if cells is None
                else [table.cell(cells, place).text[:_SHOWN_TEXT] for place in columns],
            }
            for number, cells in shown
        ],
        "meanings": list(MEANINGS.items()),
        "sources": [source.name for source in imports.sources(actor)],
        "taken_at": f"{local(found.taken_at, actor.time_zone):%d/%m/%Y %H:%M}",
        "ahead": services.still_to_come(found, draft, actor.time_zone),
        "guessed": say("sheet.guessed_encoding", {"encoding": table.guessed_encoding})
        if table.guessed_encoding
        else "",
    }


def report_page(found: OnlineImport) -> dict[str, Any]:
    """How far an import or its undo has come: the job that sees to it, and what is true if that broke off."""
    undo = latest_job(found.organisation_id, services.UNDO, found.id)
    job = undo if found.state in ("undoing", "undone") else _import_job(found)
    if job is not None and job.state not in LIVING:
        db.session.refresh(found)  # it may have ended between the two reads
    stage = stage_of(found.state, found.outcome)
    over = undo is not None and undo.state == "failed" and found.state == "confirmed"
    return {
        "found": found,
        "counts": found.outcome.get("counts", {}),
        "stage": stage,
        "job": job if stage else None,
        "refused": undo if over and undo and not undo.error_code.startswith("job.") else None,
        "stuck": services.given_up(found),
        "keepable": services.may_be_called_off(found),
    }


def _import_job(found: OnlineImport) -> Job | None:
    return latest_job(found.organisation_id, services.IMPORT, found.id)


def groups(found: OnlineImport) -> list[dict[str, Any]]:
    """The problems of the last dry run by kind, those that must be decided first."""
    choices = imports.choices_of(found)
    shown = []
    for kind in found.outcome.get("kinds", []):
        code, severity = kind["code"], kind["severity"]
        decided = code in (choices.accepted if severity == "confirm" else choices.left_out)
        remarks = [
            {**one, "words": say(code, one.get("details")), "skipped": one["row"] in choices.skipped}
            for one in kind["first"]
        ]
        title = KIND_TITLES.get(code) or KINDS.get(code, code)
        shown.append({**kind, "title": title, "decided": decided, "remarks": remarks})
    return shown


def remarks_table(draft: Draft, steps: Iterable[Step]) -> Table:
    """The rows as they came, each with what it does and what is to be looked at."""
    table = draft.table
    columns = [
        Column(heading or letter, "id", 18) for heading, letter in zip(table.headings, table.places, strict=True)
    ]
    cells = dict(table.rows)
    rows: list[list[str | int]] = []
    for step in steps:
        told = [
            f"{problem.column + ': ' if problem.column else ''}{say(problem.code, problem.details)}"
            f"{' → ' + problem.proposal if problem.proposal else ''}"
            for problem in step.row.problems
        ]
        texts = [table.cell(cells[step.row.number], place).text for place in range(len(columns))]
        rows.append([step.row.number, *texts, str(EFFECTS[step.verdict.effect]), "\n".join(told)])
    headings = [
        Column(gettext("Row"), "number", 6), *columns, Column(gettext("What it does"), width=18),
        Column(gettext("Remarks"), width=60),
    ]  # fmt: skip
    return Table(gettext("Remarks"), headings, rows)


def template_table() -> Table:
    """Our own template with a line that shows how it is filled in; official papers are Vietnamese."""
    sample = [
        "nghean0100001", "Nguyễn Thị Mẫu", "07/03/1985", "040185000001", "mau@example.vn", "0912345678",
        "UBND xã Mẫu", "13/10/2026", "20/10/2026 08:15:00", "100", "8,5", "Đạt", "", "25/10/2026 17:00:00",
    ]  # fmt: skip
    return Table("Kết quả trực tuyến", [Column(heading, "id", 20) for heading in TEMPLATE], [sample])
