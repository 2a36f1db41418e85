"""The mail server, from one setting: smtp://user:password@host:port?tls=none|starttls|tls&sender=address"""

from typing import Literal, get_args
from urllib.parse import parse_qs, unquote, urlsplit

from services.notify.gateways.smtp import SmtpServer, is_address

Tls = Literal["none", "starttls", "tls"]
USUAL_PORTS = {"none": 25, "starttls": 587, "tls": 465}


class NotAnSmtpUrl(ValueError):
    """The setting cannot be read; says what is wrong, and never repeats it, for it holds a password."""


def smtp_server(url: str) -> SmtpServer:
    """`tls` is starttls unless said; the port is the usual one of that. Optional `return_path`. Parts of the
    user and password are percent-encoded. Raises NotAnSmtpUrl."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotAnSmtpUrl("not a URL") from None
    if parts.scheme != "smtp" or not parts.hostname:
        raise NotAnSmtpUrl("begin with smtp:// and a host")
    given = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    if unknown := sorted(set(given) - {"tls", "sender", "return_path"}):
        raise NotAnSmtpUrl(f"there is no {', '.join(unknown)}; there are tls, sender, return_path")
    tls = _tls(given.get("tls", "starttls"))
    if not is_address(given.get("sender", "")):
        raise NotAnSmtpUrl("sender must be the address that mails come from")
    return SmtpServer(
        host=parts.hostname,
        port=port or USUAL_PORTS[tls],
        sender=given["sender"],
        tls=tls,
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password or ""),
        return_path=given.get("return_path"),
    )


def _tls(word: str) -> Tls:
    for known in get_args(Tls):
        if word == known:
            return word  # type: ignore[return-value]
    raise NotAnSmtpUrl("tls must be none, starttls or tls")
