"""Services are tested on every database, in a small world of agencies, accounts and one questionnaire."""

import pytest

from tests.databases import Store, all_of_a_kind, database, postgresql_server, sqlite_server, store, stores
from tests.services.world import World, build_world

__all__ = ["all_of_a_kind", "database", "postgresql_server", "sqlite_server", "store", "stores", "world"]


@pytest.fixture
def world(store: Store) -> World:
    """A fresh copy of the small world."""
    return World(*store.fresh(build_world))
