"""Contact data at rest: sealed under a key per person, that under the tenant's, that under the platform's.

Deleting a person's wrapped key makes everything sealed under it unreadable (PR-3), whoever kept a copy.
"""

import hashlib
import hmac
import os
import unicodedata
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

KEY_BYTES = 32
NONCE_BYTES = 12
FORMAT = b"\x01"

SECRET_LENGTH = 12
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
HEARD_AS = str.maketrans("OIL", "011")


class CannotOpen(Exception):
    """Sealed for another tenant, person or field, under another key, or changed since."""


class Seal:
    """Seals and opens fields of people. `platform_key` is 32 secret bytes; it never leaves this object."""

    def __init__(self, platform_key: bytes) -> None:
        if len(platform_key) != KEY_BYTES:
            raise ValueError(f"the platform key must have {KEY_BYTES} bytes, not {len(platform_key)}")
        self._platform_key = platform_key
        self._tenant_key = lru_cache(maxsize=4096)(self._derived)
        self._cipher = lru_cache(maxsize=32)(self._opened)  # the fields of one person come one after the other

    def new_person_key(self, tenant_id: UUID) -> bytes:
        """A fresh data key for one person, wrapped under the tenant's key (AES-KW, RFC 3394): 40 bytes."""
        return aes_key_wrap(self._tenant_key(tenant_id, "wrap"), os.urandom(KEY_BYTES))

    def seal(self, wrapped: bytes, tenant_id: UUID, subject: UUID, field: str, text: str) -> bytes:
        """`text` encrypted (AES-256-GCM) for exactly this tenant, subject and field. Raises CannotOpen
        when `wrapped` is not a key of this tenant."""
        nonce = os.urandom(NONCE_BYTES)
        cipher = self._cipher(wrapped, tenant_id)
        return FORMAT + nonce + cipher.encrypt(nonce, text.encode(), _place(tenant_id, subject, field))

    def open(self, wrapped: bytes, tenant_id: UUID, subject: UUID, field: str, sealed: bytes) -> str:
        """What was sealed for this tenant, subject and field. Raises CannotOpen for anything else."""
        head, nonce, body = sealed[:1], sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        if head != FORMAT or len(body) < 16:
            raise CannotOpen("not a sealed field")
        try:
            plain = self._cipher(wrapped, tenant_id).decrypt(nonce, body, _place(tenant_id, subject, field))
        except InvalidTag:
            raise CannotOpen("sealed for another place, or changed") from None
        return plain.decode()

    def fingerprint(self, tenant_id: UUID, kind: str, value: str) -> bytes:
        """32 bytes by which equal normalised values of one kind are found within one tenant."""
        key = self._tenant_key(tenant_id, "search")
        return hmac.digest(key, kind.encode() + b"\x00" + value.encode(), hashlib.sha256)

    def tracking_secret(self, tenant_id: UUID, complaint_id: UUID) -> str:
        """The 12 characters that, with the number, let the complainant in (IN-3). Derived, never stored."""
        digest = hmac.digest(self._tenant_key(tenant_id, "tracking"), complaint_id.bytes, hashlib.sha256)
        return "".join(ALPHABET[byte % 32] for byte in digest[:SECRET_LENGTH])

    def is_tracking_secret(self, tenant_id: UUID, complaint_id: UUID, given: str) -> bool:
        """Whether `given` is that secret, in constant time.

        Case, width, dashes and spaces do not matter, nor O for 0 and I or L for 1.
        """
        plain = unicodedata.normalize("NFKC", given[:100]).upper().translate(HEARD_AS)
        heard = "".join(character for character in plain if character.isalnum())
        return hmac.compare_digest(heard.encode(), self.tracking_secret(tenant_id, complaint_id).encode())

    def _opened(self, wrapped: bytes, tenant_id: UUID) -> AESGCM:
        try:
            return AESGCM(aes_key_unwrap(self._tenant_key(tenant_id, "wrap"), wrapped))
        except (InvalidUnwrap, ValueError):
            raise CannotOpen("not a person's key of this tenant") from None

    def _derived(self, tenant_id: UUID, purpose: str) -> bytes:
        info = b"redress/" + purpose.encode() + b"/" + tenant_id.bytes
        return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=info).derive(self._platform_key)


def in_groups(secret: str) -> str:
    """A tracking secret as it is shown and read out: three groups of four."""
    return "-".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def _place(tenant_id: UUID, subject: UUID, field: str) -> bytes:
    return FORMAT + tenant_id.bytes + subject.bytes + field.encode()
