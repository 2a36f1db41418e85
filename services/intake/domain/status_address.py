"""Which addresses a tenant may have statuses sent to: nothing inside our own network (SSRF)."""

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

TRANSLATED = IPv6Network("64:ff9b::/96")  # IPv4 behind a translator
URL = re.compile(r"[!-~]{1,500}")
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?|[0-9a-f:.]+")


class NotAStatusAddress(ValueError):
    """A status must not be sent there; its text says why."""


def check_address(url: str, *, private: bool) -> None:
    """Raises NotAStatusAddress for what is not an https address of the public internet. `private`: http and
    addresses of our own network are taken, too, to try the platform out."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as mistake:
        raise NotAStatusAddress("is not an address") from mistake
    if parts.scheme not in (("https", "http") if private else ("https",)):
        raise NotAStatusAddress("must begin with https://")
    if not host or not HOST.fullmatch(host) or not URL.fullmatch(url) or parts.username is not None or parts.fragment:
        raise NotAStatusAddress("must be an address in plain ASCII without a user's name or a fragment")
    if port == 0:
        raise NotAStatusAddress("must not name port 0")
    if not private and (literal := _literal(host)) is not None and not is_public(literal):
        raise NotAStatusAddress("must not lead into a private network")


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether anybody on the internet could reach it; IPv4 wrapped in IPv6 counts as what it wraps."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in TRANSLATED:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
