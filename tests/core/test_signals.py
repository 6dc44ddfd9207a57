"""Who is told of what, in which order."""

from typing import Any

from flask import Flask

from classroom.core.signals import Signal, learners_holding


def test_receivers_are_called_in_the_order_of_connection_and_once() -> None:
    heard: list[str] = []

    def first() -> None:
        heard.append("first")

    def second() -> None:
        heard.append("second")

    signal = Signal("told")
    for receiver in (first, second, first):
        signal.connect(receiver)
    signal.send()
    assert heard == ["first", "second"]


def test_where_floors_count_lower_rooms_come_first_whoever_was_imported_first() -> None:
    heard: list[str] = []

    def of(room: str) -> Any:
        def hold() -> None:
            heard.append(room)

        hold.__module__ = f"classroom.{room}.services"
        return hold

    signal = Signal("held", by_floor=True)
    for room in ("exams", "attendance", "elsewhere", "sessions"):
        signal.connect(of(room))
    signal.send()
    assert heard == ["sessions", "attendance", "exams", "elsewhere"]


def test_classes_are_held_before_registers_registers_before_attempts_and_those_before_records(app: Flask) -> None:
    rooms = [receiver.__module__.split(".")[1] for receiver in learners_holding._receivers]
    assert rooms == ["sessions", "attendance", "exams", "online"]
