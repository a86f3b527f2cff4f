"""The key an instance signs its packages with: made on first use, kept locked under the instance's secret."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from survey.services.errors import Refused
from survey.services.instance import secret_key
from survey.services.seal_secrets import lock_by_key, open_by_key

FILE = "package.key"
_PURPOSE = "package signing key"


def signing_key(folder: Path) -> Ed25519PrivateKey:
    """The instance's key. Raises Refused where secret.key is no longer the one that it was locked under."""
    file, secret = folder / FILE, secret_key(folder)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        try:
            return Ed25519PrivateKey.from_private_bytes(open_by_key(file.read_bytes(), secret, _PURPOSE))
        except ValueError:
            raise Refused("package.key_lost", file=file) from None
    key = Ed25519PrivateKey.generate()
    with os.fdopen(handle, "wb") as out:
        out.write(lock_by_key(key.private_bytes_raw(), secret, _PURPOSE))
        out.flush()
        os.fsync(out.fileno())
    return key


def public_key(folder: Path) -> str:
    """Its public half, hex."""
    return signing_key(folder).public_key().public_bytes_raw().hex()
