"""Filling in while things go wrong: small samples in every run, the numbers of the promises under `make faults`."""

from tests.databases import Store, all_of_a_kind, database, postgresql_server, sqlite_server, store, stores
from tests.faults.disks import ON_DEMAND
from tests.services.conftest import world
from tests.web.conftest import built, on_files, site

__all__ = [
    "Store",
    "all_of_a_kind",
    "built",
    "database",
    "on_files",
    "postgresql_server",
    "site",
    "sqlite_server",
    "store",
    "stores",
    "world",
]


def size(sample: int, promised: int) -> int:
    """How often to try: a sample in every run, as often as was promised under `make faults`."""
    return promised if ON_DEMAND else sample
