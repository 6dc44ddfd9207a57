"""Dossiers: everything that an inspector asks about one certificate or one class, put together. In Vietnamese."""

from classroom.desk.dossiers.of_certificate import certificate_dossier
from classroom.desk.dossiers.of_class import class_dossier
from classroom.desk.dossiers.packing import dossier_pdf, dossier_zip
from classroom.desk.dossiers.parts import Dossier

__all__ = ["Dossier", "certificate_dossier", "class_dossier", "dossier_pdf", "dossier_zip"]
