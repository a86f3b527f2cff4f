"""Where an instance keeps handed-in files: in its folder, or in the bucket that `[files]` of config.toml names."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from survey.core.characters import clean_text
from survey.services.errors import Refused
from survey.services.instance import DatabaseTrouble, Trouble
from survey.storage.file_store import FileStore, FolderStore
from survey.storage.s3_store import Bucket, BucketStore

SECRET_VARIABLE = "SANSANGSO_S3_SECRET"  # noqa: S105  the name of a variable


def file_store(folder: Path) -> FileStore:
    """The store of the instance in a folder. Raises DatabaseTrouble where config.toml names one that cannot be."""
    file = folder / "config.toml"
    if not file.is_file():
        return FolderStore(folder)
    try:
        bucket = read_bucket(tomllib.loads(file.read_text(encoding="utf-8")))
    except (Refused, ValueError) as error:  # `sansangso doctor` tells which key is wrong
        raise DatabaseTrouble(Trouble.BROKEN) from error
    return FolderStore(folder) if bucket is None else _bucket_store(bucket, folder)


@lru_cache(maxsize=8)
def _bucket_store(bucket: Bucket, folder: Path) -> FileStore:
    """One connection for all who use it."""
    return BucketStore(bucket, FolderStore(folder))


def read_bucket(config: Mapping[str, Any], variables: Mapping[str, str] | None = None) -> Bucket | None:
    """The bucket of `[files]`; None where files stay in the folder. Raises Refused, naming the key at fault.

    Keys: `bucket`, `endpoint` (https://…), `region`, `prefix`, `access_key`, `secret_key`, which `$SANSANGSO_S3_SECRET`
    may hold instead.
    """
    found = config.get("files")
    if found is None:
        return None
    if not isinstance(found, Mapping):
        raise Refused("files.config_section", "files")
    names = ("bucket", "endpoint", "region", "prefix", "access_key", "secret_key")
    texts = {name: clean_text(str(found.get(name, ""))).strip() for name in names}
    if not texts["bucket"] or "/" in texts["bucket"]:
        raise Refused("files.config_bucket", "bucket")
    endpoint = urlsplit(texts["endpoint"])
    if texts["endpoint"] and (endpoint.scheme not in ("http", "https") or not endpoint.hostname):
        raise Refused("files.config_endpoint", "endpoint", typed=texts["endpoint"])
    variables = os.environ if variables is None else variables
    secret = variables.get(SECRET_VARIABLE) or texts["secret_key"]
    if bool(secret) != bool(texts["access_key"]):
        raise Refused("files.config_keys", "access_key", variable=SECRET_VARIABLE)
    prefix = texts["prefix"].strip("/")
    return Bucket(
        name=texts["bucket"],
        endpoint=texts["endpoint"],
        region=texts["region"] or "us-east-1",
        prefix=f"{prefix}/" if prefix else "",
        access_key=texts["access_key"],
        secret_key=secret,
    )
