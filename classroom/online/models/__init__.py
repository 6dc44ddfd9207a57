"""Tables of intakes, imports and matches."""

from classroom.online.models.imports import ImportRow, OnlineImport, OnlineImportFile
from classroom.online.models.intakes import Account, AccountBatch, Intake, Source
from classroom.online.models.records import MatchCase, MatchDenial, MatchEvent, OnlineRecord
from classroom.online.models.staging import StagedRecord

__all__ = [
    "Account",
    "AccountBatch",
    "ImportRow",
    "Intake",
    "MatchCase",
    "MatchDenial",
    "MatchEvent",
    "OnlineImport",
    "OnlineImportFile",
    "OnlineRecord",
    "Source",
    "StagedRecord",
]
