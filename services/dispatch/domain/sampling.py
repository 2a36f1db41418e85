"""Which cases need a step that only a share of them needs (DI-14)."""

from hashlib import sha256
from uuid import UUID

from libs.common.procedure.duration import Share

OF_ALL = 1 << 64


def drawn(share: Share | None, complaint_id: UUID) -> bool:
    """Whether this complaint is in the share; None draws all.

    The first eight bytes of the SHA-256 of the complaint's id, as a part of 2^64, lie below the share: nobody
    can choose who is drawn, and anybody can check it again.
    """
    if share is None:
        return True
    lot = int.from_bytes(sha256(complaint_id.bytes).digest()[:8])
    return lot * 100 < share.percent * OF_ALL
