"""The application for gunicorn or waitress: `gunicorn wsgi:app`; the database is brought up to date first."""

from survey.services.instance import instance_folder, open_database, upgrade
from survey.web.app import create_app
from survey.web.logs import start_logging

start_logging()
database = open_database(instance_folder())
upgrade(database)
app = create_app(database=database)
