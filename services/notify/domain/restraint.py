"""No mail bombs: however many complaints name one address, it hears only so much by itself (T20)."""

import hashlib
import threading
from collections import deque
from datetime import datetime, timedelta

MOST = 5
PERIOD = timedelta(hours=1)


class Restraint:
    """At most MOST automatic notices to one address within PERIOD, over all tenants.

    Remembered in memory only, by a keyed digest: an address is stored nowhere. `key` is random per process.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._told: dict[bytes, deque[datetime]] = {}
        self._all: deque[tuple[datetime, bytes]] = deque()
        self._lock = threading.Lock()

    def allowed_from(self, address: str, now: datetime) -> datetime:
        """`now`, and one more counts as told; or the later moment at which to ask again."""
        digest = hashlib.blake2b(address.casefold().encode(), key=self._key).digest()
        with self._lock:
            self._forget(now - PERIOD)
            told = self._told.setdefault(digest, deque())
            if len(told) >= MOST:
                return told[0] + PERIOD
            told.append(now)
            self._all.append((now, digest))
            return now

    def _forget(self, until: datetime) -> None:
        while self._all and self._all[0][0] <= until:
            _, digest = self._all.popleft()
            self._told[digest].popleft()
            if not self._told[digest]:
                del self._told[digest]
