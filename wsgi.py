"""The application for gunicorn or waitress: `gunicorn wsgi:app`."""

from survey.web.app import create_app

app = create_app()
