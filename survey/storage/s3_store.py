"""Content of handed-in files in a bucket that speaks S3; what was kept in the folder before is still read there."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from survey.storage.database import DatabaseTrouble, Trouble
from survey.storage.file_store import FileStore

SECONDS = timedelta(seconds=60)  # for one file


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket and how it is reached."""

    name: str
    endpoint: str = ""  # https://…; "": the usual one of the region
    region: str = "us-east-1"
    prefix: str = ""  # before every name in it
    access_key: str = ""
    secret_key: str = field(default="", repr=False)


class BucketStore:
    """Files at `<prefix>files/ab/<SHA-256>` of a bucket; what it acknowledges is durable by its own promise."""

    def __init__(self, bucket: Bucket, before: FileStore) -> None:
        self.bucket = bucket
        self.before = before  # where files lay before there was a bucket

    @cached_property
    def _store(self) -> Any:
        """The connection. Raises DatabaseTrouble where the library is not installed."""
        try:
            from obstore.store import S3Store
        except ImportError as error:
            raise DatabaseTrouble(Trouble.BROKEN) from error
        bucket = self.bucket
        reached: dict[str, Any] = {"region": bucket.region, "virtual_hosted_style_request": False}
        reached |= {"client_options": {"timeout": SECONDS, "allow_http": bucket.endpoint.startswith("http://")}}
        reached |= {"retry_config": {"max_retries": 2, "retry_timeout": SECONDS}}
        if bucket.endpoint:
            reached["endpoint"] = bucket.endpoint
        if bucket.access_key:
            reached |= {"access_key_id": bucket.access_key, "secret_access_key": bucket.secret_key}
        return S3Store(bucket.name, **reached)

    def put(self, digest: str, content: bytes) -> None:
        """See FileStore; sent again, it is the same object."""
        store = self._store
        import obstore
        from obstore.exceptions import BaseError

        try:
            obstore.put(store, self._name(digest), content, use_multipart=False)
        except (BaseError, OSError, ValueError) as error:
            raise DatabaseTrouble(Trouble.BROKEN) from error

    def read(self, digest: str) -> bytes:
        """See FileStore."""
        store = self._store
        import obstore
        from obstore.exceptions import BaseError

        try:
            content = bytes(obstore.get(store, self._name(digest)).bytes())
        except FileNotFoundError:
            return self.before.read(digest)
        except (BaseError, OSError, ValueError) as error:
            raise DatabaseTrouble(Trouble.BROKEN) from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise DatabaseTrouble(Trouble.BROKEN)
        return content

    def _name(self, digest: str) -> str:
        return f"{self.bucket.prefix}files/{digest[:2]}/{digest}"
