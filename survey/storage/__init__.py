"""Where things are kept: SQLAlchemy models and their queries, one aggregate a file, on SQLite and PostgreSQL."""
