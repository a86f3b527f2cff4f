"""Secrets locked by a passphrase or by the instance's key: scrypt or HKDF for the key, AES-256-GCM for the content."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from survey.services.errors import Refused

SHORTEST_PASSPHRASE = 12  # characters
_MARK = b"SSS1"
_SALT, _NONCE = 16, 12  # bytes


def read_passphrase(file: Path) -> str:
    """The passphrase of a file: its first line. Raises Refused where it is too short, OSError."""
    text = file.read_text(encoding="utf-8-sig").split("\n", 1)[0].strip()
    if len(text) < SHORTEST_PASSPHRASE:
        raise Refused("operate.passphrase_short", "passphrase", file=file, shortest=SHORTEST_PASSPHRASE)
    return text


def seal(content: bytes, passphrase: str, name: str) -> bytes:
    """Lock `content` under a passphrase; it opens only under the same name."""
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    return _MARK + salt + nonce + AESGCM(_key(passphrase, salt)).encrypt(nonce, content, name.encode())


def unseal(sealed: bytes, passphrase: str, name: str) -> bytes:
    """Open what `seal` locked. Raises Refused where the passphrase is not the one."""
    start, salt = len(_MARK), sealed[len(_MARK) : len(_MARK) + _SALT]
    nonce, locked = sealed[start + _SALT : start + _SALT + _NONCE], sealed[start + _SALT + _NONCE :]
    try:
        if not sealed.startswith(_MARK):
            raise ValueError
        return AESGCM(_key(passphrase, salt)).decrypt(nonce, locked, name.encode())
    except (InvalidTag, ValueError):
        raise Refused("operate.passphrase_wrong", "passphrase") from None


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode())


def lock_by_key(content: bytes, key: bytes, purpose: str) -> bytes:
    """Lock `content` under the instance's secret, for one purpose."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(_derived(key, purpose)).encrypt(nonce, content, purpose.encode())


def open_by_key(locked: bytes, key: bytes, purpose: str) -> bytes:
    """Open what `lock_by_key` locked. Raises ValueError where the key is another."""
    try:
        return AESGCM(_derived(key, purpose)).decrypt(locked[:_NONCE], locked[_NONCE:], purpose.encode())
    except InvalidTag:
        raise ValueError(purpose) from None


def _derived(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, None, purpose.encode()).derive(key)
