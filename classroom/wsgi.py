"""What gunicorn loads: the application, with connections opened only after it has forked."""

from classroom.app import create_app
from classroom.core.logs import configure

configure()
app = create_app()
