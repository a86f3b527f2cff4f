"""Storage is tested on every database."""

from tests.databases import all_of_a_kind, database, postgresql_server, sqlite_server, store, stores

__all__ = ["all_of_a_kind", "database", "postgresql_server", "sqlite_server", "store", "stores"]
