"""Pages for staff that look across rooms."""

from classroom.desk.views import health

blueprints = [health.bp]
