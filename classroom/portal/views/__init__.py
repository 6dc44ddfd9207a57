"""Pages for learners, of what concerns each alone."""

from classroom.portal.views import certificate, finding
from classroom.portal.views.pages import bp

__all__ = ["bp", "certificate", "finding"]
