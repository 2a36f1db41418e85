"""Where and how somebody can be reached: asked for at the moment of sending, and forgotten right after."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.notify.domain.plan import Wishes


@dataclass(frozen=True, kw_only=True)
class Contact:
    """`addresses` by channel: an e-mail address, an E.164 number. `tracking_secret` only of a complainant."""

    language: str
    addresses: Mapping[str, str] = field(repr=False)
    wishes: Wishes = field(default_factory=Wishes)
    tracking_secret: str | None = field(default=None, repr=False)


class NotReachableNow(Exception):
    """The service that knows the address does not answer; ask again later."""


class NobodyThere(Exception):
    """The complaint or the person is gone: erased, or never there."""
